// The dictionaries: the same parameters in both languages, and no text that no page says.
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { adminEn } from './admin.en.ts'
import { adminZh } from './admin.zh.ts'
import { en } from './en.ts'
import { shadowEn } from './shadow.en.ts'
import { shadowZh } from './shadow.zh.ts'
import { staffEn } from './staff.en.ts'
import { staffZh } from './staff.zh.ts'
import { zh } from './zh.ts'

const folder = new URL('../', import.meta.url).pathname
const source = globSync('**/*.{ts,tsx}', { cwd: folder, exclude: ['dist/**', 'text/**', '**/*.test.ts'] }).map((file) => readFileSync(folder + file, 'utf8')).join('\n')
/** Beginnings of keys that are put together, such as `ended.${outcome}`. */
const prefixes = [...source.matchAll(/`([a-z]+(?:\.[a-zA-Z]+)*[.a-z]*)\$\{/g)].map(([, prefix]) => prefix as string)

test.each([['of all pages', zh, en], ['of staff pages', staffZh, staffEn], ['of the administration', adminZh, adminEn], ['of the shadow plan', shadowZh, shadowEn]])('the words %s have the same parameters in both languages', (_, one, other) => {
  const params = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
  for (const [key, text] of Object.entries(one)) expect(params((other as Record<string, string>)[key] ?? ''), key).toEqual(params(text))
})

test('no word stands in two dictionaries that are spoken together', () => {
  expect(Object.keys(zh).filter((key) => key in staffZh || key in adminZh || key in shadowZh)).toEqual([])
  expect(Object.keys({ ...staffZh, ...shadowZh }).filter((key) => key in adminZh)).toEqual([])
})

test('every text is said somewhere', () => {
  expect(prefixes).toContain('ended.')
  const silent = Object.keys({ ...zh, ...staffZh, ...adminZh, ...shadowZh }).filter((key) => !source.includes(`'${key}'`) && !prefixes.some((prefix) => key.startsWith(prefix)))
  expect(silent).toEqual([])
})
