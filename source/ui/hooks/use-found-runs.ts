import {useEffect, useState} from 'react';
import type {PastRuns} from '../../model/past-runs.ts';
import type {ListedRuns} from '../views/run-list-lines.ts';

/** A search reads the whole ledger, so it waits until no key has come for a moment. */
const SEARCH_DELAY_MS = 200;
/** Without a search it costs nothing to see how running ones get on. */
const REFRESH_MS = 2000;

/**
The past runs that a search finds; `null` until they are known. They are looked for whenever the list is opened, and meanwhile.

@param pastRuns - `undefined`: no ledger can be at hand here.
*/
export function useFoundRuns(pastRuns: PastRuns | undefined, isOpen: boolean, search: string): ListedRuns | null {
	const [listed, setListed] = useState<ListedRuns | null>(null);
	useEffect(() => {
		if (!isOpen) return;
		let isOver = false;
		let timer: NodeJS.Timeout | undefined;
		const find = async (): Promise<void> => {
			try {
				if (pastRuns === undefined)
					throw new Error('There is no ledger here: runs are kept by --save or --ledger <file>');
				const found = await pastRuns.find(search);
				if (isOver) return;
				setListed({...found, search, problem: ''});
				if (search === '') timer = setTimeout(() => void find(), REFRESH_MS);
			} catch (error) {
				const problem = error instanceof Error ? error.message : String(error);
				if (!isOver) setListed(before => ({runs: [], hasMore: false, ...before, search, problem}));
			}
		};
		timer = setTimeout(() => void find(), search === '' ? 0 : SEARCH_DELAY_MS);
		return () => {
			isOver = true;
			clearTimeout(timer);
		};
	}, [pastRuns, isOpen, search]);
	return listed;
}
