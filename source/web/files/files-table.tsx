// The list itself: as many rows in the document as fit on the screen, whatever their number.
import {useVirtualizer} from '@tanstack/react-virtual';
import {type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef} from 'react';
import {T} from '../texts.ts';
import {firstDirection, SORT_KEYS, type Sort, type SortKey} from './arrange-rows.ts';
import {FileRowView} from './file-row.tsx';
import {fileStore} from './file-store.ts';

interface FilesTableProps {
	readonly ids: readonly string[];
	readonly sort: Sort;
	readonly onSort: (sort: Sort) => void;
	readonly marked: ReadonlySet<string>;
	readonly onMark: (id: string, isMarked: boolean) => void;
	readonly onMarkOnly: (ids: readonly string[]) => void;
	readonly current: string | null;
	readonly onCurrent: (id: string) => void;
	/** Nobody points at a row any more. */
	readonly onLeave: () => void;
	readonly scroller: RefObject<HTMLDivElement | null>;
	readonly isSmall: boolean;
}

const ROW_HEIGHT = 36;
const CARD_HEIGHT = 108;
/** Of `.row.head` and the rule under it. */
const HEAD_HEIGHT = 33;
const HEAD = ['name', 'status', 'progress', 'size', 'rows', 'rejected', 'received'] as const;

export function FilesTable(props: FilesTableProps): ReactNode {
	const {ids, sort, onSort, marked, onMark, onMarkOnly, current, onCurrent, onLeave, scroller, isSmall} = props;
	const height = isSmall ? CARD_HEIGHT : ROW_HEIGHT;
	const virtual = useVirtualizer({
		count: ids.length,
		getScrollElement: () => scroller.current,
		estimateSize: () => height,
		overscan: 12,
		// The head stands still above the rows, and hides none that has the focus.
		scrollMargin: HEAD_HEIGHT,
		scrollPaddingStart: HEAD_HEIGHT,
		getItemKey: index => ids[index] ?? index,
	});
	// biome-ignore lint/correctness/useExhaustiveDependencies: with another height, all places are others.
	useEffect(() => virtual.measure(), [virtual, height]);
	const items = virtual.getVirtualItems();
	const place = current === null ? -1 : ids.indexOf(current);
	const first = items.some(({index}) => index === place) ? place : (items[0]?.index ?? 0);
	// A row comes into the document first, and takes the focus then.
	const wanted = useRef<string | null>(null);
	useEffect(() => {
		if (wanted.current === null) return;
		const row = scroller.current?.querySelector<HTMLElement>(`[data-id="${CSS.escape(wanted.current)}"]`);
		if (row == null) return;
		wanted.current = null;
		row.focus({preventScroll: true});
	});
	const goTo = (index: number): void => {
		const id = ids[Math.max(0, Math.min(ids.length - 1, index))];
		if (id === undefined) return;
		wanted.current = id;
		virtual.scrollToIndex(ids.indexOf(id), {align: 'auto'});
		onCurrent(id);
	};
	const handle = (event: KeyboardEvent): void => {
		const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / height) - 1);
		const steps: Readonly<Record<string, number>> = {
			...{j: 1, ArrowDown: 1, k: -1, ArrowUp: -1, PageDown: page, PageUp: -page},
			...{g: -ids.length, Home: -ids.length, G: ids.length, End: ids.length},
		};
		const step = steps[event.key];
		if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
		if (event.target instanceof HTMLInputElement && event.target.type !== 'checkbox') return;
		event.preventDefault();
		goTo((place === -1 ? first - Math.sign(step) : place) + step);
	};
	return (
		<div
			role="grid"
			aria-label={T.files.label}
			aria-rowcount={ids.length + 1}
			aria-multiselectable="true"
			className="grid"
			ref={scroller}
			tabIndex={ids.length === 0 ? 0 : -1}
			onKeyDown={handle}
			onMouseLeave={onLeave}
		>
			<div role="rowgroup" className="grid-head">
				<div role="row" aria-rowindex={1} className="row head">
					<span role="columnheader" className="cell mark">
						<MarkAll ids={ids} marked={marked} onMarkOnly={onMarkOnly} />
					</span>
					{HEAD.map(column => (
						<HeadCell key={column} column={column} sort={sort} onSort={onSort} />
					))}
				</div>
			</div>
			<div role="rowgroup" className="grid-rows" style={{height: virtual.getTotalSize()}}>
				{items.map(({index, start}) => {
					const id = ids[index];
					return id === undefined ? null : (
						<FileRowView
							key={id}
							id={id}
							index={index}
							top={start - HEAD_HEIGHT}
							height={height}
							isMarked={marked.has(id)}
							isCurrent={index === first}
							onMark={onMark}
							onFocus={onCurrent}
						/>
					);
				})}
			</div>
			<DetailReader ids={items.map(({index}) => ids[index] ?? '')} />
		</div>
	);
}

function HeadCell({
	column,
	sort,
	onSort,
}: Pick<FilesTableProps, 'sort' | 'onSort'> & {readonly column: (typeof HEAD)[number]}): ReactNode {
	const text = T.files.columns[column];
	const key = SORT_KEYS.find((each): each is SortKey => each === column);
	const isSorted = sort.key === key;
	if (key === undefined)
		return (
			<span role="columnheader" className={`cell ${column}`}>
				{text}
			</span>
		);
	const next = {key, isDescending: isSorted ? !sort.isDescending : firstDirection(key)};
	return (
		<span
			role="columnheader"
			className={`cell ${column === 'status' ? 'state' : column}`}
			aria-sort={isSorted ? (sort.isDescending ? 'descending' : 'ascending') : 'none'}
		>
			<button type="button" className="plain" onClick={() => onSort(next)}>
				{text}
				<span aria-hidden="true">{isSorted ? (sort.isDescending ? ' ▼' : ' ▲') : ''}</span>
			</button>
		</span>
	);
}

function MarkAll({ids, marked, onMarkOnly}: Pick<FilesTableProps, 'ids' | 'marked' | 'onMarkOnly'>): ReactNode {
	const isAll = ids.length > 0 && ids.every(id => marked.has(id));
	return (
		<input type="checkbox" aria-label={T.files.markAll} checked={isAll} onChange={() => onMarkOnly(isAll ? [] : ids)} />
	);
}

/** Asks for what events have not told of the rows on the screen, once they stay there. */
function DetailReader({ids}: {readonly ids: readonly string[]}): null {
	const partial = ids.filter(id => fileStore.rows.get(id)?.isPartial === true).join(' ');
	useEffect(() => {
		if (partial === '') return;
		const timer = setTimeout(() => {
			for (const id of partial.split(' ')) void fileStore.complete(id);
		}, 300);
		return () => clearTimeout(timer);
	}, [partial]);
	return null;
}
