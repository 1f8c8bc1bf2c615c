import {useEffect, useMemo, useState} from 'react';
import type {FolderLook, WatchedFolder} from '../../model/watched-folder.ts';
import {arrangeFolder} from '../../store/folder-filter.ts';
import type {FolderContext} from '../commands/inbox-actions.ts';
import type {UiState} from '../commands/ui-state.ts';
import {windowOf} from '../views/inbox-window.ts';

/** Files come and go at their own pace: twice a second looks live and costs a hundredth of a core. */
const LOOK_MS = 500;
const UNFOCUSED_LOOK_MS = 2000;

/**
The watched folder as it is now.

@param watched - `undefined`: none is on the screen.
@returns A function of the screen's own state, because a key may be applied to a state that has not been rendered yet.
*/
export function useFolder(
	watched: WatchedFolder | undefined,
	{filter, isOldestFirst}: UiState['inbox'],
	isFocused: boolean,
	bodyRows: number,
): (ui: UiState) => FolderContext | null {
	const [look, setLook] = useState<FolderLook | null>(() => watched?.look() ?? null);
	useEffect(() => {
		if (watched === undefined) return;
		const timer = setInterval(() => setLook(watched.look()), isFocused ? LOOK_MS : UNFOCUSED_LOOK_MS);
		return () => clearInterval(timer);
	}, [watched, isFocused]);
	const shown = useMemo(
		() => arrangeFolder(look?.files ?? [], filter.filter, isOldestFirst),
		[look, filter, isOldestFirst],
	);
	return ({inbox}) => {
		if (watched === undefined || look === null) return null;
		const isSame = inbox.filter === filter && inbox.isOldestFirst === isOldestFirst;
		const files = isSame ? shown : arrangeFolder(look.files, inbox.filter.filter, inbox.isOldestFirst);
		return {look, window: windowOf(files, look, inbox, bodyRows), tags: watched.tags()};
	};
}
