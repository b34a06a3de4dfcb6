// Our logarithm and exponential: as near as a double can be to the true values, and the same bits wherever they run.
import { describe, expect, it } from 'vitest'
import { exp, ln } from './math.ts'

/** How many units in the last place a is off b. */
const ulps = (a: number, b: number): number => Math.abs(a - b) / Math.max(Number.MIN_VALUE, 2 ** (Math.floor(Math.log2(Math.abs(b))) - 52))
const bits = (x: number): string => Buffer.from(Float64Array.of(x).buffer).toString('hex')

describe('ln', () => {
  it('is within one unit in the last place', () => {
    for (let i = 1; i < 20_000; i++) for (const x of [i / 20_000, 1 + i / 3, 1.7976931348623157e308 / i, 2.2250738585072014e-308 * i, 1.5 ** (i % 1500), 0.7 ** (i % 1900)]) if (x !== 1) expect(ulps(ln(x), Math.log(x))).toBeLessThanOrEqual(1)
  })
  it('knows the ends of its range', () => {
    expect([ln(0), ln(-1), ln(1), ln(Infinity), ln(NaN)]).toEqual([-Infinity, NaN, 0, Infinity, NaN])
    expect(ulps(ln(Number.MIN_VALUE), -744.4400719213812)).toBeLessThanOrEqual(1)
  })
})

describe('exp', () => {
  it('is within one unit in the last place', () => {
    for (let i = -70_000; i < 70_000; i += 7) expect(ulps(exp(i / 100), Math.exp(i / 100))).toBeLessThanOrEqual(1)
  })
  it('knows the ends of its range', () => {
    expect([exp(0), exp(-Infinity), exp(Infinity), exp(710), exp(-746), exp(NaN)]).toEqual([1, 0, Infinity, Infinity, 0, NaN])
    expect(exp(-740) / Math.exp(-740)).toBe(1)
  })
})

it('gives these bits in every engine', () => {
  let sum = 0
  for (let i = 1; i <= 100_000; i++) sum += ln(i / 7) * exp(-i / 10_000) * (i % 2 === 0 ? 1 : -1)
  expect(bits(sum)).toBe('983b819fa52ef33f')
})
