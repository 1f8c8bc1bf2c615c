// Which slice of a long list is on the screen. All of it is arithmetic on counts: a list of 100,000 files costs the same as
// one of 30.
import type {FileList} from '../../store/arrange.ts';
import type {RunState} from '../../store/state.ts';

/** A distance in lines, or one of the two ends. */
export type Move = number | 'first' | 'last';

export const clamp = (value: number, lowest: number, highest: number): number =>
	Math.max(lowest, Math.min(highest, value));

export function moveWithin(position: number, move: Move, highest: number): number {
	const last = Math.max(0, highest);
	if (move === 'first') return 0;
	return move === 'last' ? last : clamp(position + move, 0, last);
}

/** Moves the window just far enough to contain the item. */
export function scrollTo(index: number, offset: number, height: number, count: number): number {
	const moved = index < offset ? index : index >= offset + height ? index - height + 1 : offset;
	return clamp(moved, 0, Math.max(0, count - height));
}

/**
The window while it follows the first running file. It moves by whole pages instead of line by line, so that the list stands
still most of the time; `concurrency` is how many files run from the first one on.
*/
export function followOffset(index: number, height: number, count: number, concurrency: number): number {
	const step = Math.max(1, height - Math.min(concurrency, height) - 1);
	return scrollTo(index, Math.floor(index / step) * step - 1, height, count);
}

/**
Finds the first running file, or where it last was.

The search starts from its last result, because files start in the order of the list: over a whole run it visits every file
about once, not once per frame.
*/
export function createFollower(): (list: {readonly files: FileList; readonly counts: RunState['counts']}) => number {
	let position = 0;
	return ({files, counts}) => {
		if (counts.running === 0) return Math.min(position, Math.max(0, files.length - 1));
		const ahead = findRunning(files, position, files.length);
		position = ahead ?? findRunning(files, 0, position) ?? position;
		return position;
	};
}

function findRunning(files: FileList, from: number, to: number): number | undefined {
	for (let index = from; index < to; index++) {
		if (files.at(index)?.status === 'running') return index;
	}
	return undefined;
}
