/** A colour as `#rrggbb`. */
export type Colour = `#${string}`;

/** The contrast between two colours, from 1 to 21 (WCAG 2.2, *contrast ratio*). */
export function contrast(one: Colour, other: Colour): number {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Black or white, whichever can be read better on a colour. One of them always has a contrast of 4.5 or more. */
export function textOn(colour: Colour): Colour {
  const [black, white]: Colour[] = ['#000000', '#ffffff'];
  return contrast(colour, white) >= contrast(colour, black) ? white : black;
}

/** WCAG 2.2, *relative luminance*. */
function luminance(colour: Colour): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
