// What the screen itself remembers: which view, which file, how far scrolled. Facts of the run are in the store; nothing
// lives in both.
import type {View} from './keymap.ts';
import {clamp, scrollTo} from './viewport.ts';

export interface ScreenState {
	/** What is shown under any overlay. */
	readonly base: 'files' | 'summary';
	readonly overlays: readonly ('details' | 'help')[];
	/** The file under the cursor, unless the list follows. */
	readonly selectedIndex: number;
	/** First file on the screen, unless the list follows. */
	readonly listOffset: number;
	/** Until someone moves the cursor, the list follows the running files. */
	readonly isFollowing: boolean;
	/** The file of the details view. */
	readonly detailsIndex: number;
	/** First line on the screen in a view of text. */
	readonly textOffset: number;
	readonly isStopping: boolean;
	/** One line about the last key; the next key, or a while, takes it away. */
	readonly notice: string;
}

export const createScreenState = (base: ScreenState['base']): ScreenState => ({
	base,
	overlays: [],
	selectedIndex: 0,
	listOffset: 0,
	isFollowing: true,
	detailsIndex: 0,
	textOffset: 0,
	isStopping: false,
	notice: '',
});

/** A distance in lines, or one of the two ends. */
export type Move = number | 'first' | 'last';

export type ScreenAction =
	| {
			readonly type: 'move-cursor';
			readonly move: Move;
			/** Where the cursor and the window are while the list follows. */
			readonly followed: {readonly index: number; readonly offset: number};
			readonly height: number;
			readonly count: number;
	  }
	| {readonly type: 'scroll-text'; readonly move: Move; readonly height: number; readonly count: number}
	| {readonly type: 'open-details'; readonly index: number}
	| {readonly type: 'open-help'}
	| {readonly type: 'close-overlay'}
	| {readonly type: 'show'; readonly base: ScreenState['base']}
	| {readonly type: 'follow'}
	| {readonly type: 'notify'; readonly notice: string}
	| {readonly type: 'stop'};

export const currentView = ({base, overlays}: ScreenState): View => overlays.at(-1) ?? base;

export function reduceScreen(state: ScreenState, action: ScreenAction): ScreenState {
	const next = {...state, notice: ''};
	switch (action.type) {
		case 'move-cursor': {
			const {followed, height, count} = action;
			const index = moveWithin(state.isFollowing ? followed.index : state.selectedIndex, action.move, count - 1);
			const offset = scrollTo(index, state.isFollowing ? followed.offset : state.listOffset, height, count);
			return {...next, isFollowing: false, selectedIndex: index, listOffset: offset};
		}
		case 'scroll-text':
			return {...next, textOffset: moveWithin(state.textOffset, action.move, action.count - action.height)};
		case 'open-details':
			return {...next, overlays: ['details'], detailsIndex: action.index, textOffset: 0};
		case 'open-help':
			return {...next, overlays: [...state.overlays, 'help'], textOffset: 0};
		case 'close-overlay':
			return {...next, overlays: state.overlays.slice(0, -1), textOffset: 0};
		case 'show':
			// Someone who reads details or help goes on reading; what is under them changes.
			return {...next, base: action.base, textOffset: state.overlays.length > 0 ? state.textOffset : 0};
		case 'follow':
			return {...next, isFollowing: true};
		case 'notify':
			return {...next, notice: action.notice};
		case 'stop':
			return {...next, isStopping: true};
	}
}

function moveWithin(position: number, move: Move, highest: number): number {
	const last = Math.max(0, highest);
	if (move === 'first') return 0;
	return move === 'last' ? last : clamp(position + move, 0, last);
}
