// The list of a watched folder: what it is filtered by, in which order, which file is under its cursor; and the routes that a file may be sent on.
import {type FolderFilter, parseFolderFilter} from '../../store/folder-filter.ts';
import type {Prompt, UiState} from './ui-state.ts';

export interface InboxUi {
	/** `null`: the first one. The place stays where the file is not listed any more. */
	readonly cursor: {readonly key: string; readonly index: number} | null;
	/** First row of the list on the screen. */
	readonly offset: number;
	readonly filter: AppliedFolderFilter;
	readonly isOldestFirst: boolean;
	/** The file that a route is chosen for, and the place of the cursor in the list of routes. */
	readonly routing: Routing | null;
}

export interface Routing {
	readonly claim: string;
	/** Its name. */
	readonly file: string;
	readonly index: number;
}

export interface AppliedFolderFilter {
	readonly text: string;
	/** `null`: all files are shown. */
	readonly filter: FolderFilter | null;
}

export type InboxPrompt = Extract<Prompt, {type: 'inbox-filter'}>;

export type InboxEvent =
	| {readonly type: 'place-inbox-cursor'; readonly key: string; readonly index: number; readonly offset: number}
	| {readonly type: 'leave-inbox-cursor'}
	| {readonly type: 'turn-inbox'}
	| {readonly type: 'open-inbox-filter'}
	| {readonly type: 'type-inbox-filter'; readonly text: string}
	| {readonly type: 'accept-inbox-filter'}
	| {readonly type: 'drop-inbox-filter'}
	| {readonly type: 'clear-inbox-filter'}
	| {readonly type: 'choose-route'; readonly claim: string; readonly file: string}
	| {readonly type: 'move-route-cursor'; readonly index: number};

const NO_FILTER: AppliedFolderFilter = {text: '', filter: null};

export const INITIAL_INBOX: InboxUi = {cursor: null, offset: 0, filter: NO_FILTER, isOldestFirst: false, routing: null};

export function reduceInbox(state: UiState, event: InboxEvent): UiState {
	const {inbox, prompt} = state;
	const change = (changes: Partial<InboxUi>): UiState => ({...state, inbox: {...inbox, ...changes}});
	switch (event.type) {
		case 'place-inbox-cursor':
			return change({cursor: {key: event.key, index: event.index}, offset: event.offset});
		case 'leave-inbox-cursor':
			return change({cursor: null, offset: 0});
		case 'turn-inbox':
			return change({isOldestFirst: !inbox.isOldestFirst, cursor: null, offset: 0});
		case 'open-inbox-filter':
			return {
				...state,
				view: 'inbox',
				overlay: null,
				prompt: {type: 'inbox-filter', text: inbox.filter.text, before: inbox.filter, problem: ''},
			};
		case 'type-inbox-filter': {
			if (prompt?.type !== 'inbox-filter') return state;
			const parsed = parseFolderFilter(event.text);
			// While the text is not a valid filter, the last valid one stays active.
			if (!parsed.ok) return {...state, prompt: {...prompt, text: event.text, problem: parsed.message}};
			const text = event.text.trim();
			const filter = text === '' ? NO_FILTER : {text, filter: parsed.filter};
			return {...change({filter, cursor: null, offset: 0}), prompt: {...prompt, text: event.text, problem: ''}};
		}
		case 'accept-inbox-filter':
			return prompt?.type === 'inbox-filter' && prompt.problem === '' ? {...state, prompt: null} : state;
		case 'drop-inbox-filter':
			return prompt?.type === 'inbox-filter' ? {...change({filter: prompt.before}), prompt: null} : state;
		case 'clear-inbox-filter':
			return change({filter: NO_FILTER, cursor: null, offset: 0});
		case 'choose-route':
			return {...change({routing: {claim: event.claim, file: event.file, index: 0}}), overlay: 'routes'};
		case 'move-route-cursor':
			return inbox.routing === null ? state : change({routing: {...inbox.routing, index: event.index}});
	}
}
