// Stands for the validators of class-validator's other decorators (jest.config.js): one that is used fails its test.
module.exports = () => {
  throw new Error('jest.config.js leaves this validator out');
};
