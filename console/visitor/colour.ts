// From a host's one colour to the page's: fills as chosen, text on them and text in it as far away as readers need.

type Rgb = readonly [number, number, number]
const read = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb
const write = (rgb: Rgb): string => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
const mix = (from: Rgb, to: Rgb, share: number): Rgb => from.map((part, at) => part + (to[at]! - part) * share) as unknown as Rgb

const luminance = (rgb: Rgb): number => {
  const [r, g, b] = rgb.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as unknown as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
/** Contrast of two colours (`#rrggbb`), 1 to 21, as WCAG 2 counts it. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(read(a)), luminance(read(b))].sort((x, y) => x - y) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

const WHITE: Rgb = [255, 255, 255]
const BLACK: Rgb = [0, 0, 0]
/** WCAG AA for text. */
const LEAST = 4.5

/** The colour moved towards `to` until text in it can be read on `ground`. */
function readable(colour: Rgb, ground: string, to: Rgb): string {
  for (let share = 0; share < 1; share += 0.05) {
    const tried = write(mix(colour, to, share))
    if (contrast(tried, ground) >= LEAST) return tried
  }
  return write(to)
}

/** The style properties a theme colour sets, by name, on a light or a dark page. */
export function themed(theme: string, dark: boolean): Record<string, string> {
  const colour = read(theme)
  const ink = contrast(theme, '#ffffff') >= contrast(theme, '#10151d') ? '#ffffff' : '#10151d'
  const [ground, paper] = dark ? ['#161d27', read('#161d27')] : ['#ffffff', WHITE]
  const soft = write(mix(paper, colour, dark ? 0.24 : 0.1))
  // The soft ground is a little nearer to the text than the plain one: what can be read on it can be read on both.
  const accent = readable(colour, contrast(soft, dark ? '#ffffff' : '#000000') < contrast(ground, dark ? '#ffffff' : '#000000') ? soft : ground, dark ? WHITE : BLACK)
  return {
    '--accent': accent, '--accent-soft': soft, '--on-fill': ink, '--accent-fill': theme,
    // Away from the ink, so that the words on it stay as clear.
    '--accent-fill-hover': write(mix(colour, ink === '#ffffff' ? BLACK : WHITE, 0.14)),
  }
}
