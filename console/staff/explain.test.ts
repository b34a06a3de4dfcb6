// The explanation shown is that of whoever was asked for last.
import { expect, test } from 'vitest'
import { refuse } from '../shell/refused.ts'
import { makeExplainer, type Explanation } from './explain.ts'

const about = (code: string): Explanation => ({ reasons: [{ code, zh: '', en: '' }], rank: null, ahead: [] })

test('an answer that comes after another agent was asked for is not shown', async () => {
  const answers = new Map<string, (told: Explanation) => void>()
  const explainer = makeExplainer((agent) => new Promise((told) => answers.set(agent, told)))
  const [one, other] = [explainer.about('lin'), explainer.about('wang')]
  answers.get('wang')!(about('busy'))
  answers.get('lin')!(about('away'))
  await Promise.all([one, other])
  expect(explainer.answer.value?.reasons[0]?.code).toBe('busy')
})

test('a refusal is told, and is gone with the next question', async () => {
  let fail = true
  const explainer = makeExplainer(async () => { if (fail) throw refuse('link_lost'); return about('next') })
  await explainer.about('lin')
  expect([explainer.failed.value?.code, explainer.answer.value]).toEqual(['link_lost', null])
  fail = false
  await explainer.about('lin')
  expect([explainer.failed.value, explainer.answer.value?.reasons[0]?.code]).toEqual([null, 'next'])
})
