import { render } from 'preact';
import { App } from './app.js';
import { takeLoginCode } from './session/login-code.js';
import './style/colours.css';
import './style/base.css';
import './style/shell.css';
import './style/controls.css';
import './style/tables.css';
import './style/dialogs.css';
import './style/pages.css';

const root = document.getElementById('root');
if (root) render(<App code={takeLoginCode()} />, root);
