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
@param ui - What is on the screen: a folder that is one view among others is looked at while it is shown.
@returns A function of the screen's own state, because a key may be applied to a state that has not been rendered yet.
*/
export function useFolder(
	watched: WatchedFolder | undefined,
	ui: UiState,
	bodyRows: number,
): (ui: UiState) => FolderContext | null {
	const {isFocused} = ui;
	const {filter, isOldestFirst} = ui.inbox;
	const isShown = isFolderShown(watched, ui);
	const [look, setLook] = useState<FolderLook | null>(() => watched?.look() ?? null);
	useEffect(() => {
		if (watched === undefined || !isShown) return;
		setLook(watched.look());
		const timer = setInterval(() => setLook(watched.look()), isFocused ? LOOK_MS : UNFOCUSED_LOOK_MS);
		return () => clearInterval(timer);
	}, [watched, isShown, isFocused]);
	const shown = useMemo(
		() => arrangeFolder(look?.files ?? [], filter.filter, isOldestFirst),
		[look, filter, isOldestFirst],
	);
	return latest => {
		const {inbox} = latest;
		if (watched === undefined || look === null || !isFolderShown(watched, latest)) return null;
		const isSame = inbox.filter === filter && inbox.isOldestFirst === isOldestFirst;
		const files = isSame ? shown : arrangeFolder(look.files, inbox.filter.filter, inbox.isOldestFirst);
		const {isBeside, noChanges, actions} = watched;
		return {
			...{look, window: windowOf(files, look, inbox, bodyRows), tags: watched.tags()},
			...(isBeside && {isBeside}),
			...(noChanges !== undefined && {noChanges}),
			...(actions !== undefined && {actions}),
		};
	};
}

/** One that is a view among others is on the screen in its list, and in the details of a file of it. */
function isFolderShown(watched: WatchedFolder | undefined, {view, home}: UiState): boolean {
	if (watched?.isBeside !== true) return true;
	return view === 'inbox' || (view === 'details' && home === 'inbox');
}
