// Lines that every spreadsheet reads as they were meant.
import { expect, test } from 'vitest'
import { csvLine } from './csv.ts'

test.for<[cells: (string | number | boolean)[], line: string]>([
  [['a', 1, true], 'a,1,true\r\n'],
  [['a,b', 'say "hi"', 'two\nlines'], '"a,b","say ""hi""","two\nlines"\r\n'],
  [['=1+1', '+86', '-x', '@a', -5], "'=1+1,'+86,'-x,'@a,-5\r\n"],
  [['=HYPERLINK("x","y")'], `"'=HYPERLINK(""x"",""y"")"\r\n`],
  [[], '\r\n'],
])('%j', ([cells, line]) => expect(csvLine(cells)).toBe(line))
