// WCAG AA for every pair of text and ground that the style sheets use, in both themes, from the tokens themselves.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
const tokens = new Map([...css.matchAll(/--([\w-]+):\s*(?:light-dark\((#\w{6}),\s*(#\w{6})\)|(#\w{6}))/g)]
  .map(([, name, light, dark, both]) => [name as string, { light: (light ?? both) as string, dark: (dark ?? both) as string }]))

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}
const grounds = ['bg', 'surface', 'raised', 'hover', 'sunken']
const pairs: [text: string, ground: string, least: number][] = [
  ...grounds.flatMap((ground) => ['text', 'text-2', 'text-3', 'accent', 'ok', 'bad', 'warn', 'violet'].map((text) => [text, ground, 4.5] as [string, string, number])),
  ...['accent', 'ok', 'bad', 'warn', 'violet'].map((hue) => [hue, `${hue}-soft`, 4.5] as [string, string, number]),
  ...['accent', 'ok', 'bad'].flatMap((hue) => ['fill', 'fill-hover'].map((kind) => ['on-fill', `${hue}-${kind}`, 4.5] as [string, string, number])),
  ['text', 'accent-soft', 4.5], ['text', 'warn-soft', 4.5], ['text', 'bad-soft', 4.5],
  ['on-stage', 'stage', 4.5], ['on-stage-2', 'stage-2', 4.5],
  // Borders that alone show where a control is.
  ['edge', 'surface', 3], ['edge', 'raised', 3],
]

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  test.each(pairs)('%s on %s is at least %s : 1', (text, ground, least) => {
    const ratio = contrast(tokens.get(text)![theme], tokens.get(ground)![theme])
    expect(ratio).toBeGreaterThanOrEqual(least)
  })
})
