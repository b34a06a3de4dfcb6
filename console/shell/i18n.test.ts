// Words and times in both languages.
import { afterEach, expect, test } from 'vitest'
import { clock, duration, lang, speaker } from './i18n.ts'

afterEach(() => { lang.value = 'zh' })

test('a text is said in the language shown, with its parameters', () => {
  const t = speaker({ zh: { place: '第 {n} 位' }, en: { place: 'Number {n}' } })
  lang.value = 'zh'
  expect(t('place', { n: 3 })).toBe('第 3 位')
  lang.value = 'en'
  expect(t('place', { n: 3 })).toBe('Number 3')
})

test.each([[0, '0:00'], [999, '0:00'], [61_000, '1:01'], [3_725_000, '1:02:05'], [-5000, '0:00']])('the stopwatch shows %s ms as %s', (ms, text) => {
  expect(clock(ms)).toBe(text)
})

test('a length of time shows its two largest units', () => {
  lang.value = 'en'
  expect(duration(200_000)).toBe('3m 20s')
  expect(duration(3_600_000)).toBe('1h')
  expect(duration(400)).toBe('0s')
  lang.value = 'zh'
  expect(duration(200_000)).toBe('3分钟20秒')
})
