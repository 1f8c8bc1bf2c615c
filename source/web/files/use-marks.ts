import {useCallback, useState} from 'react';

export interface Marks {
	readonly ids: ReadonlySet<string>;
	readonly mark: (id: string, isMarked: boolean) => void;
	readonly markOnly: (ids: readonly string[]) => void;
}

/** Marks are ids, so they stay with their rows. */
export function useMarks(): Marks {
	const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
	const mark = useCallback((id: string, isMarked: boolean) => {
		setIds(before => {
			const next = new Set(before);
			if (isMarked) next.add(id);
			else next.delete(id);
			return next;
		});
	}, []);
	const markOnly = useCallback((only: readonly string[]) => setIds(new Set(only)), []);
	return {ids, mark, markOnly};
}
