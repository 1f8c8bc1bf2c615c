// The list of past runs: what it is searched for, which run is under its cursor, and which one is being read to be opened.
import type {Prompt, UiState} from './ui-state.ts';

export interface RunList {
	readonly search: string;
	/** `null`: the newest one. */
	readonly cursor: string | null;
	/** The run that is being read. */
	readonly opening: string | null;
}

/** What is typed to search for; the list shows what it finds meanwhile. */
export type SearchPrompt = Extract<Prompt, {type: 'search'}>;

export type RunListEvent =
	| {readonly type: 'place-run-cursor'; readonly run: string}
	| {readonly type: 'open-search'}
	| {readonly type: 'type-search'; readonly text: string}
	| {readonly type: 'accept-search'}
	| {readonly type: 'drop-search'}
	| {readonly type: 'clear-search'}
	| {readonly type: 'read-run'; readonly run: string}
	| {readonly type: 'stop-reading'; readonly notice: string};

export function reduceRunList(state: UiState, event: RunListEvent): UiState {
	const {runList, prompt} = state;
	const change = (changes: Partial<RunList>): UiState => ({...state, runList: {...runList, ...changes}});
	switch (event.type) {
		case 'place-run-cursor':
			return change({cursor: event.run});
		case 'open-search':
			return {...state, prompt: {type: 'search', text: runList.search, problem: ''}};
		case 'type-search':
			return prompt?.type === 'search' ? {...state, prompt: {...prompt, text: event.text}} : state;
		case 'accept-search':
			return prompt?.type === 'search' ? {...change({search: prompt.text.trim(), cursor: null}), prompt: null} : state;
		case 'drop-search':
			return {...state, prompt: null};
		case 'clear-search':
			return change({search: '', cursor: null});
		case 'read-run':
			return change({opening: event.run});
		case 'stop-reading':
			return {...change({opening: null}), notice: event.notice};
	}
}

/** What the list is searched for at this moment. */
export const searchOf = ({prompt, runList}: UiState): string =>
	prompt?.type === 'search' ? prompt.text.trim() : runList.search;
