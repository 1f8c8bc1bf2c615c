// What is in results is known by the server alone: for such terms it is asked which files match.
import {useQuery} from '@tanstack/react-query';
import {ask, reasonOf} from '../api/ask.ts';
import type {FileAnswer} from '../api/types.ts';
import {useFileState} from './file-store.ts';

export interface FoundIds {
	/** `null`: the page knows by itself. */
	readonly ids: ReadonlySet<string> | null;
	readonly fault: string | null;
}

const NONE: ReadonlySet<string> = new Set();

export function useFoundIds(q: string, isNeeded: boolean): FoundIds {
	const ended = useFileState(({ended}) => ended.done + ended.failed);
	const query = useQuery<ReadonlySet<string>>({
		queryKey: ['found', q, ended],
		enabled: isNeeded,
		placeholderData: before => before,
		queryFn: async ({signal}) => {
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
		},
	});
	if (!isNeeded) return {ids: null, fault: null};
	return {ids: query.data ?? NONE, fault: query.isError ? reasonOf(query.error) : null};
}
