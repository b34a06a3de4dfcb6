// Whatever colour a host chooses, words stay readable.
import { expect, test } from 'vitest'
import { contrast, themed } from './colour.ts'

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
})

test.each(['#1677ff', '#ffd400', '#000000', '#ffffff', '#e11d48', '#7c3aed', '#00b96b', '#808080'])('words in and on %s can be read, light and dark', (theme) => {
  for (const dark of [false, true]) {
    const colours = themed(theme, dark)
    const ground = dark ? '#161d27' : '#ffffff'
    expect(contrast(colours['--accent']!, ground), 'on the page').toBeGreaterThanOrEqual(4.5)
    expect(contrast(colours['--accent']!, colours['--accent-soft']!), 'on the soft ground').toBeGreaterThanOrEqual(4.5)
    for (const fill of ['--accent-fill', '--accent-fill-hover']) expect(contrast(colours[fill]!, colours['--on-fill']!), fill).toBeGreaterThanOrEqual(3.9)
    expect(colours['--accent-fill']).toBe(theme)
  }
})
