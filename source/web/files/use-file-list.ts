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
	const waiting = useRef(new Set<string>());
	const rest = useRef(isAtRest);
	rest.current = isAtRest;
	const refresh = useCallback(() => {
		const rows = Array.from(fileStore.rows.values()).filter(row => matchesRow(filter, row, found.ids));
		const ids = sortRows(rows, sort).map(({id}) => id);
		listed.current = new Set(ids);
		waiting.current.clear();
		setShown({ids, newCount: 0});
	}, [filter, sort, found.ids]);
	useEffect(() => {
		refresh();
		let version = fileStore.getState().version;
		return fileStore.subscribe(() => {
			const {changed, isLoading, version: next} = fileStore.getState();
			if (next === version) return;
			version = next;
			if (isLoading) return refresh();
			let isGone = false;
			for (const id of changed) {
				const row = fileStore.rows.get(id);
				if (listed.current.has(id)) isGone ||= row === undefined;
				else if (row !== undefined && matchesRow(filter, row, found.ids)) waiting.current.add(id);
				else waiting.current.delete(id);
			}
			if (waiting.current.size > 0 && rest.current()) return refresh();
			const newCount = waiting.current.size;
			setShown(before => {
				const ids = isGone ? before.ids.filter(id => fileStore.rows.get(id) !== undefined) : before.ids;
				return ids === before.ids && newCount === before.newCount ? before : {ids, newCount};
			});
		});
	}, [refresh, filter, found.ids]);
	return {...shown, refresh, fault: parsed.ok ? found.fault : parsed.message};
}
