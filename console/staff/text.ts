// `t` for staff pages: their words and those of all pages. Kept apart so that the visitor's page stays small.
import { en } from '../text/en.ts'
import { staffEn } from '../text/staff.en.ts'
import { staffZh } from '../text/staff.zh.ts'
import { zh } from '../text/zh.ts'
import { speaker } from '../shell/i18n.ts'

export const t = speaker({ zh: { ...zh, ...staffZh }, en: { ...en, ...staffEn } })
