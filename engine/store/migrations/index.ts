// The versions of the tables, oldest first. A released one is never edited; a change is a new file.
import { First } from './0001-first.ts'
import { Integration } from './0002-integration.ts'
import { Shadow } from './0003-shadow.ts'

export const MIGRATIONS = [{ name: '0001-first', class: First }, { name: '0002-integration', class: Integration }, { name: '0003-shadow', class: Shadow }]
