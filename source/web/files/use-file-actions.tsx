// What is done to marked files, or to the one that has the focus: where it cannot be taken back, it is asked for once more.
import {type ReactNode, useState} from 'react';
import {useLocation} from 'wouter';
import {announce, announceFault} from '../shell/announce.tsx';
import {Confirm} from '../shell/dialog.tsx';
import {T} from '../texts.ts';
import {act, applies, type FileAction} from './act.ts';
import {fileStore} from './file-store.ts';

type Asked = Exclude<FileAction, 'run'>;

const QUESTIONS: Readonly<Record<Asked, (count: number) => string>> = {
	...{cancel: T.files.confirmCancel, retry: T.files.confirmRetry, remove: T.files.confirmRemove},
};

export interface FileActions {
	readonly start: (action: FileAction, ids: readonly string[]) => void;
	/** The question, while there is one. */
	readonly question: ReactNode;
}

export function useFileActions(onDone: () => void): FileActions {
	const [asking, setAsking] = useState<{readonly action: Asked; readonly ids: readonly string[]} | null>(null);
	const [, navigate] = useLocation();
	const start = (action: FileAction, ids: readonly string[]): void => {
		const rows = ids.flatMap(id => fileStore.rows.get(id) ?? []).filter(row => applies(action, row));
		const [first, ...others] = rows.map(({id}) => id);
		if (first === undefined) return;
		if (action !== 'run') setAsking({action, ids: [first, ...others]});
		else navigate(`/files/${first}?${new URLSearchParams(others.map(id => ['and', id]))}`);
	};
	const finish = async ({action, ids}: {readonly action: Asked; readonly ids: readonly string[]}): Promise<void> => {
		const {done, failed, reason} = await act(action, ids);
		if (failed > 0) announceFault(T.files.notApplied(failed, reason ?? ''));
		else announce(T.files.acted[action](done));
		onDone();
	};
	const question = asking !== null && (
		<Confirm
			question={QUESTIONS[asking.action](asking.ids.length)}
			{...(asking.action === 'remove' && {hint: T.files.confirmRemoveHint})}
			action={T.files[asking.action]}
			onConfirm={() => void finish(asking)}
			onClose={() => setAsking(null)}
		/>
	);
	return {start, question};
}
