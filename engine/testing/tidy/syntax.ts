// Sources as syntax trees: every node with its parent, and everything a source imports, in whatever way.
import { parseSync } from 'vite'

export interface Source { path: string; text: string }
export interface Import { from: string; types: boolean }
export interface Node { type: string; start: number; [key: string]: unknown }

export const isSource = (path: string): boolean => /\.(m?[jt]s|[jt]sx|mts)$/.test(path)
const isNode = (x: unknown): x is Node => typeof x === 'object' && x !== null && typeof (x as Node).type === 'string'
/** The number of the line on which an offset lies, from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

/** Visits every node of a syntax tree with its parent and the parent's key it hangs from. */
export function walk(node: Node, see: (node: Node, parent: Node | null, key: string) => void, parent: Node | null = null, at = ''): void {
  see(node, parent, at)
  for (const [key, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) walk(child, see, node, key)
  }
}

const trees = new WeakMap<Source, Node>()

/** The syntax tree of a source, made once. Throws when it does not parse. */
export function treeOf(source: Source): Node {
  const known = trees.get(source)
  if (known) return known
  const { program, errors } = parseSync(source.path, source.text)
  if (errors[0]) throw new Error(`${source.path}: ${errors[0].message}`)
  const tree = program as unknown as Node
  trees.set(source, tree)
  return tree
}

/** Everything a source imports, in whatever way. What is not written out is `computed`. */
export function importsOf(source: Source): Import[] {
  const found: Import[] = []
  const add = (from: unknown, types: boolean): void => { found.push({ from: isNode(from) && typeof from.value === 'string' ? from.value : 'computed', types }) }
  walk(treeOf(source), (node) => {
    const each = (node.specifiers ?? []) as { importKind?: string; exportKind?: string }[]
    if (node.type === 'ImportDeclaration') add(node.source, node.importKind === 'type' || (each.length > 0 && each.every((s) => s.importKind === 'type')))
    else if (node.type === 'ExportAllDeclaration') add(node.source, node.exportKind === 'type')
    else if (node.type === 'ExportNamedDeclaration' && node.source) add(node.source, node.exportKind === 'type' || (each.length > 0 && each.every((s) => s.exportKind === 'type')))
    else if (node.type === 'ImportExpression') add(node.source, false)
    else if (node.type === 'TSImportType') add(node.source, true)
  })
  return found
}

