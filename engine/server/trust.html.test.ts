// The trust page: nothing that a strict content security policy would block, and links that lead somewhere.
import { expect, test } from 'vitest'
import { trustPages } from './trust.html.ts'

const pages = trustPages({ cert: '-----BEGIN CERTIFICATE-----\n', fingerprint: 'AB:CD:EF' })
const html = pages.find(({ path }) => path === '/trust')!.body

test('every address in the page is served', () => {
  const links = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, link]) => link)
  expect(links).toContain('/trust/twinline-ca.crt')
  for (const link of links) expect(pages.map(({ path }) => path)).toContain(link)
})

test('no inline style or script; both languages show the fingerprint', () => {
  expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=/)
  expect(html.match(/lang="(zh|en)">\n<h1>/g)).toHaveLength(2)
  expect(html.match(/<code>AB:<wbr>CD:<wbr>EF<\/code>/g)).toHaveLength(2)
})
