// The list of files and tasks: live, filtered, sorted, with what can be done to them.
import {type ReactNode, useEffect, useRef, useState} from 'react';
import {useLocation} from 'wouter';
import {useKeys} from '../shell/keys.ts';
import {Fault} from '../shell/states.tsx';
import {useMedia} from '../shell/use-media.ts';
import {T} from '../texts.ts';
import {UploadPanel} from '../uploads/upload-panel.tsx';
import {firstDirection, SORT_KEYS} from './arrange-rows.ts';
import {BulkDialog} from './bulk-dialog.tsx';
import {pathOfRow} from './file-row.tsx';
import {fileStore, useFileState} from './file-store.ts';
import {FilesTable} from './files-table.tsx';
import {FilterBar} from './filter-bar.tsx';
import {ListTools} from './list-tools.tsx';
import {useFileActions} from './use-file-actions.tsx';
import {useFileList} from './use-file-list.ts';
import {useListAddress} from './use-list-address.ts';
import {useMarks} from './use-marks.ts';

export default function FilesView(): ReactNode {
	const {q, setFilter, sort, setSort} = useListAddress();
	const [, navigate] = useLocation();
	const {ids: marked, mark, markOnly} = useMarks();
	const [current, setCurrent] = useState<string | null>(null);
	const [isHeld, setHeld] = useState(false);
	const [isBulkOpen, setBulkOpen] = useState(false);
	const scroller = useRef<HTMLDivElement>(null);
	const filter = useRef<HTMLInputElement>(null);
	const isSmall = useMedia('(max-width: 45rem)');
	const state = useFileState(each => each);
	const isAtRest = (): boolean => !isHeld && marked.size === 0 && !isRead(scroller.current);
	const {ids, newCount, refresh, settle, isWaiting, fault} = useFileList(q, sort, isAtRest);
	const mayMove = !isHeld && marked.size === 0;
	useEffect(() => {
		if (mayMove) settle();
	}, [mayMove, settle]);
	const {start, question} = useFileActions(() => markOnly([]));
	/** What is marked, else the row that has the focus. */
	const chosen = (): readonly string[] => (marked.size > 0 ? [...marked] : current === null ? [] : [current]);
	useKeys({
		'/': () => filter.current?.focus(),
		p: () => setHeld(before => !before),
		a: () => markOnly(ids),
		x: () => start('cancel', chosen()),
		r: () => start('retry', chosen()),
		n: () => start('run', chosen()),
		d: () => start('remove', chosen()),
		s() {
			const key = SORT_KEYS[(SORT_KEYS.indexOf(sort.key) + 1) % SORT_KEYS.length] ?? 'received';
			setSort({key, isDescending: firstDirection(key)});
		},
		' ': () => current !== null && mark(current, !marked.has(current)),
		Enter() {
			const row = current === null ? undefined : fileStore.rows.get(current);
			if (row !== undefined) navigate(pathOfRow(row));
		},
		j: () => scroller.current?.querySelector<HTMLElement>('.grid-rows [tabindex="0"]')?.focus(),
		Escape: () => (marked.size > 0 ? markOnly([]) : setFilter('')),
	});
	const isEmpty = ids.length === 0 && !state.isLoading && !isWaiting && state.fault === null && fault === null;
	return (
		<main id="content" className="files">
			<h1 className="only-read">{T.files.title}</h1>
			<UploadPanel />
			<FilterBar q={q} onFilter={setFilter} fault={fault} sort={sort} onSort={setSort} input={filter}>
				<ListTools
					shown={ids.length}
					all={fileStore.rows.size}
					isLoading={state.isLoading}
					newCount={newCount}
					onRefresh={refresh}
					isHeld={isHeld}
					onHold={setHeld}
					marked={marked.size}
					onAction={action => start(action, chosen())}
					onClear={() => markOnly([])}
					onAll={() => setBulkOpen(true)}
				/>
			</FilterBar>
			{state.fault !== null && (
				<Fault reason={`${T.files.listFailed}: ${state.fault}`} onRetry={() => void fileStore.load()} />
			)}
			{state.isCut && <p className="hint">{T.files.tooMany(fileStore.rows.size)}</p>}
			{isEmpty ? (
				<Empty isFiltered={q !== ''} onClear={() => setFilter('')} />
			) : (
				<FilesTable
					{...{ids, sort, marked, current, scroller, isSmall}}
					onSort={setSort}
					onMark={mark}
					onMarkOnly={markOnly}
					onCurrent={setCurrent}
					onLeave={settle}
				/>
			)}
			{question}
			{isBulkOpen && <BulkDialog q={q} onClose={() => setBulkOpen(false)} />}
		</main>
	);
}

/** Whether somebody looks closely: rows must not move then. */
const isRead = (list: HTMLElement | null): boolean =>
	list !== null &&
	(list.scrollTop > 0 || list.matches(':hover, :focus-within') || getSelection()?.isCollapsed === false);

const Empty = ({isFiltered, onClear}: {readonly isFiltered: boolean; readonly onClear: () => void}): ReactNode => (
	<div className="placeholder">
		<p>{isFiltered ? T.files.noMatch : T.files.empty}</p>
		{isFiltered ? (
			<button type="button" onClick={onClear}>
				{T.files.clearFilter}
			</button>
		) : (
			<p className="hint">{T.files.emptyHint}</p>
		)}
	</div>
);
