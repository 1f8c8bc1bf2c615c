import {useMemo} from 'react';
import {safe} from '../../text/safe.ts';
import {messageOf} from '../../text/system-error.ts';
import type {Effects, TerminalEffects} from '../commands/actions.ts';
import type {LaterEvent} from '../commands/ui-state.ts';

/**
What happens outside of the screen, with what is told of it later.

@param onExport - Writes the report; resolves with its path. `undefined`: there is none to write.
*/
export function useEffects(
	effects: TerminalEffects,
	onExport: (() => Promise<string>) | undefined,
	dispatch: (event: LaterEvent) => void,
): Effects {
	return useMemo(() => {
		const tell = (notice: string): void => {
			if (notice !== '') dispatch({type: 'notify', notice});
		};
		const tellLater = (notice: Promise<string>): void => {
			notice.then(tell, (error: unknown) => tell(safe(messageOf(error))));
		};
		const askLater = (event: Promise<LaterEvent>): void => {
			event.then(dispatch, (error: unknown) => tell(safe(messageOf(error))));
		};
		const exportReport =
			onExport === undefined ? null : () => tellLater(onExport().then(path => `The report is in ${safe(path)}`));
		return {...effects, tell, tellLater, askLater, exportReport};
	}, [effects, onExport, dispatch]);
}
