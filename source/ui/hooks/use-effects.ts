import {useMemo} from 'react';
import {safe} from '../../text/safe.ts';
import type {Effects} from '../commands/actions.ts';

/**
What happens outside of the screen, with what is told of it later.

@param onExport - Writes the report; resolves with its path. `undefined`: there is none to write.
*/
export function useEffects(
	effects: Omit<Effects, 'exportReport' | 'tellLater'>,
	onExport: (() => Promise<string>) | undefined,
	dispatch: (event: {readonly type: 'notify'; readonly notice: string}) => void,
): Effects {
	return useMemo(() => {
		const tellLater = (notice: Promise<string>): void => {
			const notify = (text: string): void => {
				if (text !== '') dispatch({type: 'notify', notice: text});
			};
			notice.then(notify, (error: unknown) => notify(safe(error instanceof Error ? error.message : String(error))));
		};
		const exportReport =
			onExport === undefined ? null : () => tellLater(onExport().then(path => `The report is in ${safe(path)}`));
		return {...effects, tellLater, exportReport};
	}, [effects, onExport, dispatch]);
}
