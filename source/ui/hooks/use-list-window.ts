import {useState} from 'react';
import {createArrange} from '../../store/arrange.ts';
import type {RunState} from '../../store/state.ts';
import type {UiState} from '../commands/ui-state.ts';
import {listRows} from '../look/layout.ts';
import {createFollower, followOffset} from '../terminal/viewport.ts';
import type {ListWindow} from '../views/list-window.ts';

/**
The list of files on the screen.

@param rows - The rows of the table.
@returns A function of the screen's own state, because a key may be applied to a state that has not been rendered yet.
*/
export function useListWindow(state: RunState, rows: number): (ui: UiState) => ListWindow {
	const [arrange] = useState(createArrange);
	const [follow] = useState(createFollower);
	return ({filter, sort, concurrency}) => {
		const {files, indexOf} = arrange(state, filter.filter, sort);
		const height = listRows(rows, files.length);
		const index = follow({files, counts: state.counts});
		const atOnce = concurrency ?? state.concurrency;
		return {files, indexOf, height, followed: {index, offset: followOffset(index, height, files.length, atOnce)}};
	};
}
