/** Says that the caller's token changes nothing. */
export function NoRight() {
  return <p class="state no-right">This token may look, but change nothing.</p>;
}
