// Every play happens as written. `PLAYS=write npm test -- engine/core/scenarios` writes what happens instead; read the diff.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Acd } from './acd.ts'
import { audit } from './audit.ts'
import { play } from './scenarios/play.ts'

const folder = new URL('./scenarios/', import.meta.url)
for (const file of readdirSync(folder).filter((f) => f.endsWith('.txt'))) {
  test(file, () => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    const { acd, rendered, steps } = play(text, (_, live) => audit(live.state))
    if (process.env.PLAYS === 'write') writeFileSync(new URL(file, folder), rendered)
    else expect(rendered).toBe(text)
    const again = new Acd('play').fold(steps.flatMap((s) => s.events))
    expect(again.state.snapshot()).toEqual(acd.state.snapshot())
    audit(again.state)
  })
}
