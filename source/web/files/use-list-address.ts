// Filter and sort of the list stand in the address, so that a link shows the same list.
import {useCallback, useMemo} from 'react';
import {useSearchParams} from 'wouter';
import {readSort, type Sort, writeSort} from './arrange-rows.ts';

export interface ListAddress {
	readonly q: string;
	readonly setFilter: (q: string) => void;
	readonly sort: Sort;
	readonly setSort: (sort: Sort) => void;
}

export function useListAddress(): ListAddress {
	const [params, setParams] = useSearchParams();
	const text = params.get('sort');
	const sort = useMemo(() => readSort(text), [text]);
	const change = useCallback(
		(name: string, value: string) => {
			const next = (before: URLSearchParams): URLSearchParams => {
				const changed = new URLSearchParams(before);
				if (value === '') changed.delete(name);
				else changed.set(name, value);
				return changed;
			};
			setParams(next, {replace: true});
		},
		[setParams],
	);
	const setFilter = useCallback((q: string) => change('q', q), [change]);
	const setSort = useCallback((next: Sort) => change('sort', writeSort(next)), [change]);
	return {q: params.get('q') ?? '', setFilter, sort, setSort};
}
