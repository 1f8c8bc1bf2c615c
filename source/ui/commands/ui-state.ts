// The screen's own state: view, file, scroll position, filter. Facts of the run are in the store; nothing is in both. Files
// are remembered by name, so that the cursor and the marks stay in place when the list is sorted or filtered again.
import {firstDirection, PLAN_ORDER, type Sort, type SortKey} from '../../store/arrange.ts';
import {type Filter, parseFilter} from '../../store/filter.ts';
import {type AppliedFolderFilter, INITIAL_INBOX, type InboxEvent, type InboxUi, reduceInbox} from './inbox-state.ts';
import type {MainView, Overlay, View} from './keymap.ts';
import {type RunList, type RunListEvent, reduceRunList} from './run-list-state.ts';
import {reduceTaskless, type TasklessEvent, type TasklessList} from './taskless-state.ts';

/** What happens after confirmation. */
export type Intent =
	| {readonly type: 'stop'}
	| {readonly type: 'cancel'; readonly files: readonly string[]}
	| {readonly type: 'retry'; readonly files: readonly string[]}
	/** All failed files of a watched folder. */
	| {readonly type: 'retry-all'}
	/** All that the filter matches on a server: so many matched. */
	| {readonly type: 'all'; readonly action: 'cancel' | 'retry'; readonly filter: string; readonly total: number};

/** An open prompt in the last line, which receives the keys until it is closed. */
export type Prompt =
	| {
			readonly type: 'filter';
			readonly text: string;
			/** The filter that is restored when the prompt is cancelled. */
			readonly before: AppliedFilter;
			/** Why the text is not a valid filter; empty where it is valid. */
			readonly problem: string;
	  }
	| {
			readonly type: 'ask';
			readonly text: string;
			readonly file: string;
			/** Why the text that was entered cannot be answered; empty where it was not entered, or can be. */
			readonly problem: string;
	  }
	| {readonly type: 'search'; readonly text: string; readonly problem: ''}
	/** Of files to send. */
	| {readonly type: 'path'; readonly text: string; readonly problem: ''}
	| {
			readonly type: 'inbox-filter';
			readonly text: string;
			readonly before: AppliedFolderFilter;
			readonly problem: string;
	  }
	| Question;

export interface Question {
	readonly type: 'confirm';
	readonly question: string;
	/** For a narrow screen. */
	readonly short: string;
	readonly intent: Intent;
}

/** How the list of columns is sorted, and which one is under the cursor. */
export interface ColumnCursor {
	/** The row of the table, wherever it stands in the list. */
	readonly row: number;
	/** The place of the value that the list is sorted by; `null`: as the columns stand in the file. */
	readonly sortedBy: number | null;
	readonly isDescending: boolean;
}

export interface AppliedFilter {
	readonly text: string;
	/** `null`: all files are shown. */
	readonly filter: Filter | null;
}

export interface UiState {
	readonly view: MainView;
	/** The view that Esc returns to from a view of one file or of the run. */
	readonly home: 'files' | 'summary' | 'inbox';
	readonly overlay: Overlay | null;
	/** The file under the cursor; `null` while the list follows the running files, until the user moves the cursor. */
	readonly cursor: string | null;
	/** First row of the list on the screen, unless it follows. */
	readonly listOffset: number;
	/** The file of the details view. */
	readonly detailsFile: string | null;
	/** First line on the screen in a text view. */
	readonly textOffset: number;
	/** Scroll positions of the other text views, by `textKeyOf`. */
	readonly savedOffsets: ReadonlyMap<string, number>;
	readonly filter: AppliedFilter;
	readonly sort: Sort;
	readonly marks: ReadonlySet<string>;
	readonly prompt: Prompt | null;
	/** What is asked of which file, and shown by the overlay of the answer; the text stays for the next question. */
	readonly asked: {readonly text: string; readonly file: string} | null;
	readonly palette: {readonly text: string; readonly index: number};
	/** Of the list of a table's columns. */
	readonly columnCursor: ColumnCursor;
	readonly runList: RunList;
	readonly inbox: InboxUi;
	/** Files of a server without a task, since they were listed. */
	readonly taskless: TasklessList | null;
	/** The past run that is shown, and the screen that Esc leads back to. */
	readonly past: {readonly run: string; readonly before: UiState} | null;
	/** The number of files at a time, if the user has changed it. */
	readonly concurrency: number | null;
	readonly isMouseOn: boolean;
	/** Whether the terminal's window has the focus; not every terminal reports it. */
	readonly isFocused: boolean;
	readonly isStopping: boolean;
	/** One line about the last key; the next key, or a timeout, clears it. */
	readonly notice: string;
}

export interface InitialUi {
	readonly isEnded: boolean;
	/** Whether it is a watched folder: its list is that of the inbox. */
	readonly isWatched?: boolean | undefined;
	readonly filter?: string | undefined;
	readonly isMouseOn?: boolean | undefined;
}

const NO_FILTER: AppliedFilter = {text: '', filter: null};

export function createUiState({isEnded, isWatched = false, filter = '', isMouseOn = false}: InitialUi): UiState {
	const parsed = parseFilter(filter);
	const home = isWatched ? 'inbox' : isEnded ? 'summary' : 'files';
	return {
		view: home,
		home,
		overlay: null,
		cursor: null,
		listOffset: 0,
		detailsFile: null,
		textOffset: 0,
		savedOffsets: new Map(),
		filter: parsed.ok ? applied(filter, parsed.filter) : NO_FILTER,
		sort: PLAN_ORDER,
		marks: new Set(),
		prompt: null,
		asked: null,
		palette: {text: '', index: 0},
		columnCursor: {row: 0, sortedBy: null, isDescending: false},
		runList: {search: '', cursor: null, opening: null},
		inbox: INITIAL_INBOX,
		taskless: null,
		past: null,
		concurrency: null,
		isMouseOn,
		isFocused: true,
		isStopping: false,
		notice: parsed.ok ? '' : parsed.message,
	};
}

export type UiEvent =
	| RunListEvent
	| InboxEvent
	| TasklessEvent
	| {readonly type: 'enter-run'; readonly run: string}
	| {readonly type: 'leave-run'}
	| {readonly type: 'place-cursor'; readonly file: string; readonly offset: number}
	| {readonly type: 'follow'}
	| {readonly type: 'scroll-text'; readonly offset: number}
	| {readonly type: 'open-details'; readonly file: string}
	| {readonly type: 'show-view'; readonly view: MainView; readonly file?: string | undefined}
	| {readonly type: 'open-overlay'; readonly overlay: Overlay}
	| {readonly type: 'close-overlay'}
	| {readonly type: 'run-ended'}
	| {readonly type: 'run-reopened'}
	| {readonly type: 'open-filter'}
	| {readonly type: 'type-filter'; readonly text: string}
	| {readonly type: 'accept-filter'}
	| {readonly type: 'drop-filter'}
	| {readonly type: 'clear-filter'}
	| {readonly type: 'ask'; readonly question: string; readonly short?: string; readonly intent: Intent}
	| {readonly type: 'type-path'; readonly text: string}
	| {readonly type: 'open-question'; readonly file: string}
	| {readonly type: 'type-question'; readonly text: string}
	| {readonly type: 'refuse-question'; readonly problem: string}
	| {readonly type: 'answer-question'}
	| {readonly type: 'close-prompt'}
	| {readonly type: 'type-palette'; readonly text: string}
	| {readonly type: 'move-palette'; readonly index: number}
	| {readonly type: 'place-column-cursor'; readonly row: number}
	| {readonly type: 'sort-columns'; readonly sortedBy: number | null; readonly isDescending: boolean}
	| {readonly type: 'sort-by'; readonly key: SortKey}
	| {readonly type: 'turn-sort'}
	| {readonly type: 'set-marks'; readonly marks: ReadonlySet<string>}
	| {readonly type: 'set-concurrency'; readonly concurrency: number; readonly notice: string}
	| {readonly type: 'set-mouse'; readonly isOn: boolean; readonly notice: string}
	| {readonly type: 'focus'; readonly isFocused: boolean}
	| {readonly type: 'notify'; readonly notice: string}
	| {readonly type: 'stop'};

/** What may come of what was asked for a moment ago. */
export type LaterEvent = Extract<UiEvent, {readonly type: 'notify' | 'ask' | 'list-taskless'}>;

export const currentView = ({view, overlay}: UiState): View => overlay ?? view;

/** Views keep their scroll position when they are left and entered again. */
export function reduceUi(state: UiState, event: UiEvent): UiState {
	const next = changeUi(state, event);
	const [left, entered] = [textKeyOf(state), textKeyOf(next)];
	if (left === entered) return next;
	const savedOffsets = new Map(next.savedOffsets).set(left, state.textOffset);
	// The log opens at its end, because people look for the latest events.
	const start = currentView(next) === 'log' ? Number.POSITIVE_INFINITY : 0;
	return {...next, savedOffsets, textOffset: savedOffsets.get(entered) ?? start};
}

/** The details of each file have their own scroll position. */
function textKeyOf(ui: UiState): string {
	const view = currentView(ui);
	return view === 'details' ? `details of ${ui.detailsFile}` : view;
}

function changeUi(state: UiState, event: UiEvent): UiState {
	// A change of focus keeps the notice.
	if (event.type === 'focus') return {...state, isFocused: event.isFocused};
	const next = {...state, notice: ''};
	switch (event.type) {
		case 'place-cursor':
			return {...next, cursor: event.file, listOffset: event.offset};
		case 'follow':
			return {...next, cursor: null};
		case 'scroll-text':
			return {...next, textOffset: event.offset};
		case 'open-details':
			return {...next, view: 'details', home: 'files', overlay: null, detailsFile: event.file};
		case 'show-view':
			return showView(next, event.view, event.file);
		case 'open-overlay':
			return {...next, overlay: event.overlay, palette: {text: '', index: 0}, prompt: null};
		case 'close-overlay':
			return {...next, overlay: null};
		case 'run-ended':
			return ofPresentRun(next, endRun);
		case 'run-reopened':
			// Keeps the notice of the key that reopened the run.
			return ofPresentRun(state, reopenRun);
		case 'enter-run':
			return enterRun(next, event.run);
		case 'leave-run':
			return leaveRun(next);
		case 'set-marks':
			return {...next, marks: event.marks};
		case 'set-concurrency':
			return {...next, concurrency: event.concurrency, notice: event.notice};
		case 'set-mouse':
			return {...next, isMouseOn: event.isOn, notice: event.notice};
		case 'notify':
			return {...next, notice: event.notice};
		case 'stop':
			return {...next, isStopping: true, prompt: null};
		case 'type-palette':
			return {...next, palette: {text: event.text, index: 0}};
		case 'move-palette':
			return {...next, palette: {...state.palette, index: event.index}};
		case 'place-column-cursor':
			return {...next, columnCursor: {...state.columnCursor, row: event.row}};
		case 'sort-columns': {
			const {sortedBy, isDescending} = event;
			return {...next, columnCursor: {...state.columnCursor, sortedBy, isDescending}};
		}
		case 'ask':
			return {
				...next,
				prompt: {
					type: 'confirm',
					question: event.question,
					short: event.short ?? event.question,
					intent: event.intent,
				},
				overlay: null,
			};
		case 'close-prompt':
			return {...next, prompt: null};
		case 'type-path':
			return {...next, prompt: {type: 'path', text: event.text, problem: ''}};
		case 'open-question':
			return {...next, prompt: {type: 'ask', text: state.asked?.text ?? '', file: event.file, problem: ''}};
		case 'type-question':
		case 'refuse-question':
		case 'answer-question':
			return reduceQuestion(next, event);
		case 'open-filter':
		case 'type-filter':
		case 'accept-filter':
		case 'drop-filter':
		case 'clear-filter':
		case 'sort-by':
		case 'turn-sort':
			return reduceList(next, event);
		case 'place-run-cursor':
		case 'open-search':
		case 'type-search':
		case 'accept-search':
		case 'drop-search':
		case 'clear-search':
		case 'read-run':
		case 'stop-reading':
			return reduceRunList(next, event);
		case 'list-taskless':
		case 'move-taskless-cursor':
		case 'take-taskless':
			return reduceTaskless(next, event);
		default:
			return reduceInbox(next, event);
	}
}

type QuestionEvent = Extract<UiEvent, {type: 'type-question' | 'refuse-question' | 'answer-question'}>;

function reduceQuestion(state: UiState, event: QuestionEvent): UiState {
	const {prompt} = state;
	if (prompt?.type !== 'ask') return state;
	switch (event.type) {
		case 'type-question':
			return {...state, prompt: {...prompt, text: event.text, problem: ''}};
		case 'refuse-question':
			return {...state, prompt: {...prompt, problem: event.problem}};
		case 'answer-question':
			return {...state, prompt: null, asked: {text: prompt.text.trim(), file: prompt.file}, overlay: 'answer'};
	}
}

type ListEvent = Extract<
	UiEvent,
	{type: 'open-filter' | 'type-filter' | 'accept-filter' | 'drop-filter' | 'clear-filter' | 'sort-by' | 'turn-sort'}
>;

/** Which files the list shows, and in which order. */
function reduceList(state: UiState, event: ListEvent): UiState {
	const {filter, prompt, sort} = state;
	switch (event.type) {
		case 'open-filter':
			return {
				...state,
				view: 'files',
				overlay: null,
				prompt: {type: 'filter', text: filter.text, before: filter, problem: ''},
			};
		case 'type-filter': {
			if (prompt?.type !== 'filter') return state;
			const parsed = parseFilter(event.text);
			// While the text is not a valid filter, the last valid one stays active.
			if (!parsed.ok) return {...state, prompt: {...prompt, text: event.text, problem: parsed.message}};
			return {
				...state,
				prompt: {...prompt, text: event.text, problem: ''},
				filter: applied(event.text, parsed.filter),
				listOffset: 0,
			};
		}
		case 'accept-filter':
			return prompt?.type === 'filter' && prompt.problem === '' ? {...state, prompt: null} : state;
		case 'drop-filter':
			return prompt?.type === 'filter' ? {...state, prompt: null, filter: prompt.before} : state;
		case 'clear-filter':
			return {...state, filter: NO_FILTER, listOffset: 0};
		case 'sort-by':
			return {
				...state,
				// Sorting by the same column again reverses it, as in other programs.
				sort: {key: event.key, isDescending: sort.key === event.key ? !sort.isDescending : firstDirection(event.key)},
				listOffset: 0,
			};
		case 'turn-sort':
			return {...state, sort: {...sort, isDescending: !sort.isDescending}, listOffset: 0};
	}
}

function applied(text: string, filter: Filter): AppliedFilter {
	return text.trim() === '' ? NO_FILTER : {text: text.trim(), filter};
}

function showView(state: UiState, view: MainView, file: string | undefined): UiState {
	const home = view === 'files' || view === 'summary' || view === 'inbox' ? view : state.home;
	// What is being read to be opened is left with the list of past runs.
	const runList = {...state.runList, opening: null};
	return {...state, view, home, overlay: null, detailsFile: file ?? state.detailsFile, runList};
}

/** A past run has a screen of its own, which begins as that of a run that has ended. */
function enterRun(state: UiState, run: string): UiState {
	const before = {...state, runList: {...state.runList, opening: null}};
	const {isMouseOn, isFocused, isStopping} = state;
	return {...createUiState({isEnded: true}), isMouseOn, isFocused, isStopping, past: {run, before}};
}

function leaveRun({past, isMouseOn, isFocused, isStopping, ...state}: UiState): UiState {
	return {...(past === null ? {...state, past} : past.before), isMouseOn, isFocused, isStopping};
}

/** While a past run is shown, the present one goes on behind it. */
function ofPresentRun(state: UiState, change: (state: UiState) => UiState): UiState {
	const {past} = state;
	return past === null ? change(state) : {...state, past: {...past, before: change(past.before)}};
}

/** When a run continues with retried files, the list replaces the summary. */
function reopenRun(state: UiState): UiState {
	const next: UiState = {...state, home: 'files'};
	return state.view === 'summary' ? {...next, view: 'files', cursor: null} : next;
}

/** The summary appears by itself, except while the user reads or types; then Esc leads to it. */
function endRun(state: UiState): UiState {
	const isTyping = state.prompt !== null && state.prompt.type !== 'confirm';
	const isIdle = state.view === 'files' && !isTyping;
	const prompt = state.prompt?.type === 'confirm' ? null : state.prompt;
	if (!isIdle) return {...state, home: 'summary', prompt};
	// An open help stays open; the view under it changes.
	return {...state, view: 'summary', home: 'summary', prompt};
}
