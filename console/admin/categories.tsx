// Categories of the service summary 服务小结: a tree, edited in place.
import { Plus } from 'lucide-preact'
import type { Plan } from '#events/plan.ts'
import { Button } from '../shell/button.tsx'
import type { Draft } from './draft.ts'
import { add, MOST_DEPTH, put, removeCategory, tree } from './edit.ts'
import { Text } from './fields.tsx'
import { freshId } from './id.ts'
import { Remove } from './parts.tsx'
import { t } from './text.ts'

export function Categories({ draft, plan }: { draft: Draft; plan: Plan }) {
  const create = (parent?: string) => draft.change((now) => add(now, 'categories', { id: freshId('c'), ...(parent ? { parent } : {}), zh: '', en: '' }))
  return (
    <>
      <ul class="rows tree">
        {tree(plan.categories ?? []).map(({ category: { id, zh, en }, depth }) => (
          <li key={id} style={{ '--depth': depth }} data-depth={depth}>
            <Text label="中文" value={zh} maxLength={100} change={(value) => draft.change((now) => put(now, 'categories', id, { zh: value }))} fault={draft.faults.value.get(`categories/${id}/zh`)} />
            <Text label="English" value={en} maxLength={100} change={(value) => draft.change((now) => put(now, 'categories', id, { en: value }))} fault={draft.faults.value.get(`categories/${id}/en`)} />
            <span class="rows-tools">
              {depth < MOST_DEPTH - 1 && <Button kind="quiet" size="small" icon={Plus} label={t('admin.newCategoryIn', { name: zh || en })} onClick={() => create(id)} />}
              <Remove what={zh || en || '–'} text={t('admin.removeCategoryText')} remove={() => draft.change((now) => removeCategory(now, id))} />
            </span>
          </li>
        ))}
      </ul>
      <div><Button size="small" icon={Plus} data-testid="new-category" onClick={() => create()}>{t('admin.newCategory')}</Button></div>
    </>
  )
}
