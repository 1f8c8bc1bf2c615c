// What is in results is known by the server alone: for such terms it is asked which files match.
import {useQuery} from '@tanstack/react-query';
import {useEffect} from 'react';
import {ask, reasonOf} from '../api/ask.ts';
import type {FileAnswer} from '../api/types.ts';
import {useFileState} from './file-store.ts';

export interface FoundIds {
	/** `null`: the page knows by itself. */
	readonly ids: ReadonlySet<string> | null;
	/** The filter that they were found by, which is the one before until there is an answer. */
	readonly q: string;
	/** There is no answer yet, so nothing can be said. */
	readonly isWaiting: boolean;
	readonly fault: string | null;
}

interface Found {
	readonly q: string;
	readonly ids: ReadonlySet<string>;
	/** How many tasks had ended when it was asked. */
	readonly ended: number;
}

const NONE: ReadonlySet<string> = new Set();

export function useFoundIds(q: string, isNeeded: boolean): FoundIds {
	const ended = useFileState(({ended}) => ended.done + ended.failed);
	const query = useQuery<Found>({
		queryKey: ['found', q],
		enabled: isNeeded,
		placeholderData: before => before,
		queryFn: async ({signal}) => ({q, ended, ids: await findIds(q, signal)}),
	});
	const {data, isFetching, isError, refetch} = query;
	// Once more when something has ended, and never before there is an answer, however much ends meanwhile.
	useEffect(() => {
		if (isNeeded && !isFetching && !isError && data !== undefined && data.ended !== ended) void refetch();
	}, [isNeeded, isFetching, isError, data, ended, refetch]);
	if (!isNeeded) return {ids: null, q, isWaiting: false, fault: null};
	const fault = isError ? reasonOf(query.error) : null;
	return {ids: data?.ids ?? NONE, q: data?.q ?? '', isWaiting: query.isPending, fault};
}

async function findIds(q: string, signal: AbortSignal): Promise<ReadonlySet<string>> {
	const ids = new Set<string>();
	let cursor: string | null = null;
	do {
		const place: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
		const page: {readonly files: readonly FileAnswer[]; readonly next_cursor: string | null} = await ask(
			'GET',
			`/api/v1/files?limit=1000&q=${encodeURIComponent(q)}${place}`,
			{signal},
		);
		for (const {file_id: id} of page.files) ids.add(id);
		cursor = page.next_cursor;
	} while (cursor !== null);
	return ids;
}
