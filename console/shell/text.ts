// `t` for the words that every page may use, the visitor's included. Staff pages have more words: staff/text.ts.
import { en } from '../text/en.ts'
import { zh } from '../text/zh.ts'
import { speaker } from './i18n.ts'

export const t = speaker({ zh, en })
