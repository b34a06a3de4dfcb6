// `t` for the administration: its own words beside those of all staff pages, loaded with it.
import { adminEn } from '../text/admin.en.ts'
import { adminZh } from '../text/admin.zh.ts'
import { en } from '../text/en.ts'
import { shadowEn } from '../text/shadow.en.ts'
import { shadowZh } from '../text/shadow.zh.ts'
import { staffEn } from '../text/staff.en.ts'
import { staffZh } from '../text/staff.zh.ts'
import { zh } from '../text/zh.ts'
import { speaker } from '../shell/i18n.ts'

export const t = speaker({ zh: { ...zh, ...staffZh, ...adminZh, ...shadowZh }, en: { ...en, ...staffEn, ...adminEn, ...shadowEn } })
