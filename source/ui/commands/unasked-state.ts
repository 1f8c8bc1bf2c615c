// The files of a server without a task, as they were when the list was opened, and the one under its cursor.
import type {UnaskedFile} from '../../model/unasked-files.ts';
import type {UiState} from './ui-state.ts';

export interface UnaskedList {
	readonly files: readonly UnaskedFile[];
	/** Whether there are more than are listed. */
	readonly hasMore: boolean;
	readonly index: number;
}

export type UnaskedEvent =
	| ({readonly type: 'list-unasked'} & Omit<UnaskedList, 'index'>)
	| {readonly type: 'move-unasked-cursor'; readonly index: number}
	/** It has a task from now on. */
	| {readonly type: 'take-unasked'; readonly id: string};

export function reduceUnasked(state: UiState, event: UnaskedEvent): UiState {
	const {unasked} = state;
	switch (event.type) {
		case 'list-unasked': {
			// It was asked for a moment ago: what somebody types or reads by now comes first.
			if (state.prompt !== null || state.overlay !== null) return state;
			return {...state, overlay: 'unasked', unasked: {files: event.files, hasMore: event.hasMore, index: 0}};
		}
		case 'move-unasked-cursor':
			return unasked === null ? state : {...state, unasked: {...unasked, index: event.index}};
		case 'take-unasked': {
			if (unasked === null) return state;
			const files = unasked.files.filter(({id}) => id !== event.id);
			const index = Math.max(0, Math.min(unasked.index, files.length - 1));
			const isOver = files.length === 0 && state.overlay === 'unasked';
			return {...state, unasked: {...unasked, files, index}, overlay: isOver ? null : state.overlay};
		}
	}
}
