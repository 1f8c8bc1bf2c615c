// The files of a server without a task, as they were when the list was opened, and the one under its cursor.
import type {TasklessFile} from '../../model/taskless-files.ts';
import type {UiState} from './ui-state.ts';

export interface TasklessList {
	readonly files: readonly TasklessFile[];
	/** Whether there are more than are listed. */
	readonly hasMore: boolean;
	readonly index: number;
}

export type TasklessEvent =
	| ({readonly type: 'list-taskless'} & Omit<TasklessList, 'index'>)
	| {readonly type: 'move-taskless-cursor'; readonly index: number}
	/** It has a task from now on. */
	| {readonly type: 'take-taskless'; readonly id: string};

export function reduceTaskless(state: UiState, event: TasklessEvent): UiState {
	const {taskless} = state;
	switch (event.type) {
		case 'list-taskless': {
			// It was asked for a moment ago: what somebody types or reads by now comes first.
			if (state.prompt !== null || state.overlay !== null) return state;
			return {...state, overlay: 'taskless', taskless: {files: event.files, hasMore: event.hasMore, index: 0}};
		}
		case 'move-taskless-cursor':
			return taskless === null ? state : {...state, taskless: {...taskless, index: event.index}};
		case 'take-taskless': {
			if (taskless === null) return state;
			const files = taskless.files.filter(({id}) => id !== event.id);
			const index = Math.max(0, Math.min(taskless.index, files.length - 1));
			const isOver = files.length === 0 && state.overlay === 'taskless';
			return {...state, taskless: {...taskless, files, index}, overlay: isOver ? null : state.overlay};
		}
	}
}
