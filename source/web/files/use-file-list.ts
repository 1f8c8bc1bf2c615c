// The rows that the list shows. They keep their places while it is live: what comes and matches collects beside the list until somebody asks for it,
// or until nobody looks closely.
import {useCallback, useEffect, useMemo, useRef, useState} from 'react';
import {type Filter, parseFilter} from '../../store/filter.ts';
import {matchesRow, needsResults, type Sort, sortRows} from './arrange-rows.ts';
import {fileStore} from './file-store.ts';
import {useFoundIds} from './use-found-ids.ts';

export interface FileList {
	readonly ids: readonly string[];
	/** How many more would be listed. */
	readonly newCount: number;
	/** Brings it up to date. */
	readonly refresh: () => void;
	/** The same, if rows may move now. */
	readonly settle: () => void;
	/** Nothing can be said yet of what matches. */
	readonly isWaiting: boolean;
	/** What is wrong with the filter, or with asking for it; `null`: nothing. */
	readonly fault: string | null;
}

interface Shown {
	readonly ids: readonly string[];
	readonly newCount: number;
}

const NO_FILTER: Filter = {terms: []};

/** @param isAtRest - Whether rows may move: nobody reads, points at, or has marked any. */
export function useFileList(q: string, sort: Sort, isAtRest: () => boolean): FileList {
	const parsed = useMemo(() => parseFilter(q), [q]);
	const filter = parsed.ok ? parsed.filter : NO_FILTER;
	const found = useFoundIds(q, parsed.ok && needsResults(filter));
	const [shown, setShown] = useState<Shown>({ids: [], newCount: 0});
	const listed = useRef(new Set<string>());
	/** What would come, and what would go, if the list was made anew. */
	const differing = useRef(new Set<string>());
	const rest = useRef(isAtRest);
	rest.current = isAtRest;
	const latest = useRef({filter, found: found.ids});
	latest.current = {filter, found: found.ids};
	const refresh = useCallback(() => {
		const {filter, found} = latest.current;
		const rows = Array.from(fileStore.rows.values()).filter(row => matchesRow(filter, row, found));
		const ids = sortRows(rows, sort).map(({id}) => id);
		listed.current = new Set(ids);
		differing.current.clear();
		setShown({ids, newCount: 0});
	}, [sort]);
	const settle = useCallback(() => {
		if (differing.current.size > 0 && rest.current()) refresh();
	}, [refresh]);
	const compare = useCallback(
		(changed: Iterable<string>) => {
			const {filter, found} = latest.current;
			let isGone = false;
			for (const id of changed) {
				const row = fileStore.rows.get(id);
				const isListed = listed.current.has(id);
				if (isListed && row === undefined) {
					isGone = true;
					listed.current.delete(id);
				}
				const isWanted = row !== undefined && matchesRow(filter, row, found);
				if (isWanted === listed.current.has(id)) differing.current.delete(id);
				else differing.current.add(id);
			}
			if (differing.current.size > 0 && rest.current()) return refresh();
			const newCount = countOf(differing.current, id => !listed.current.has(id));
			setShown(before => {
				const ids = isGone ? before.ids.filter(id => fileStore.rows.get(id) !== undefined) : before.ids;
				return ids === before.ids && newCount === before.newCount ? before : {ids, newCount};
			});
		},
		[refresh],
	);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another filter makes another list, also one that the server had to be asked about.
	useEffect(refresh, [refresh, filter, found.q]);
	// biome-ignore lint/correctness/useExhaustiveDependencies: what the server finds now may be more, or less, than before.
	useEffect(() => compare(Array.from(fileStore.rows.values(), ({id}) => id)), [compare, found.ids]);
	useEffect(() => {
		let version = fileStore.getState().version;
		return fileStore.subscribe(() => {
			const {changed, isLoading, version: next} = fileStore.getState();
			if (next === version) return;
			version = next;
			if (isLoading) refresh();
			else compare(changed);
		});
	}, [refresh, compare]);
	return {...shown, refresh, settle, isWaiting: found.isWaiting, fault: parsed.ok ? found.fault : parsed.message};
}

function countOf(ids: Iterable<string>, isCounted: (id: string) => boolean): number {
	let count = 0;
	for (const id of ids) if (isCounted(id)) count++;
	return count;
}
