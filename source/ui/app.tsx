// The screen: which view is shown, put together from the run's state, the screen's own state and one clock.
import {Box} from 'ink';
import {type ReactNode, useEffect, useMemo, useReducer, useRef, useState, useSyncExternalStore} from 'react';
import type {RunControl} from '../store/control.ts';
import type {RunEvent} from '../store/events.ts';
import type {RunState} from '../store/state.ts';
import type {Store} from '../store/store.ts';
import {performAction} from './actions.ts';
import {FileTable} from './components/file-table.tsx';
import {Header} from './components/header.tsx';
import {LineText} from './components/line-text.tsx';
import {TextView, textRows} from './components/text-view.tsx';
import {buildDetails} from './detail-lines.ts';
import {fitColumns} from './file-columns.ts';
import {buildFooter} from './footer-line.ts';
import {isAtWork} from './header-lines.ts';
import {buildHelp} from './help-lines.ts';
import {useClock} from './hooks/use-clock.ts';
import {useKeys} from './hooks/use-keys.ts';
import {useNoticeExpiry} from './hooks/use-notice-expiry.ts';
import {findAction} from './keymap.ts';
import {computeLayout, listRows, MINIMUM_COLUMNS, MINIMUM_ROWS} from './layout.ts';
import {cutLine, type Line, span} from './line.ts';
import type {Look} from './look.ts';
import {createScreenState, currentView, reduceScreen, type ScreenAction} from './screen.ts';
import {buildSummary} from './summary-lines.ts';
import {clamp, createFollower, followOffset} from './viewport.ts';

/** What the screen needs to know of the stream it is painted on. */
export interface PaintTarget {
	readonly isStalled: () => boolean;
	readonly subscribeStalled: (listener: () => void) => () => void;
}

export interface AppProps {
	readonly store: Store<RunState, RunEvent>;
	readonly control: RunControl;
	/** Milliseconds since the run began. */
	readonly now: () => number;
	/** What was asked for, made safe. */
	readonly title: string;
	readonly columns: number;
	readonly rows: number;
	readonly look: Look;
	/** How often things that move may move. */
	readonly tickMs: number;
	readonly target: PaintTarget;
	readonly onForceQuit: () => void;
	readonly onLeave: (reason: 'left' | 'forced') => void;
}

export function App(props: AppProps): ReactNode {
	const {store, control, now, title, columns, rows, look, tickMs, target, onLeave} = props;
	const state = useSyncExternalStore(store.subscribe, store.getSnapshot);
	const isStalled = useSyncExternalStore(target.subscribeStalled, target.isStalled);
	const isAnimated = isAtWork(state) && !isStalled;
	const nowMs = useClock(now, state, isAnimated, tickMs);
	const [screen, dispatch] = useReducer(reduceScreen, state.phase === 'ended' ? 'summary' : 'files', createScreenState);
	const {quit, isStopAsked} = useQuit(props, state, dispatch);
	useNoticeExpiry(screen.notice, dispatch);

	const isEnded = state.phase === 'ended';
	useEffect(() => {
		if (!isEnded) return;
		if (isStopAsked.current) onLeave('left');
		else dispatch({type: 'show', base: 'summary'});
	}, [isEnded, isStopAsked, onLeave]);

	const layout = useMemo(() => computeLayout(columns, rows), [columns, rows]);
	const bodyRows = layout?.bodyRows ?? 1;
	const count = state.files.length;
	const height = layout === undefined ? 1 : listRows(layout, count);
	const [follow] = useState(createFollower);
	const followedIndex = follow(state);
	const followed = {index: followedIndex, offset: followOffset(followedIndex, height, count, state.concurrency)};
	const selectedIndex = screen.isFollowing ? followed.index : clamp(screen.selectedIndex, 0, Math.max(0, count - 1));
	const listOffset = screen.isFollowing ? followed.offset : clamp(screen.listOffset, 0, Math.max(0, count - height));

	const view = currentView(screen);
	const summary = useMemo(
		() => (isEnded && view === 'summary' && layout !== undefined ? buildSummary(state, columns, look) : []),
		[isEnded, view, layout, state, columns, look],
	);
	const help = useMemo(() => buildHelp(look), [look]);
	const lines = textOf();
	const text = {height: textRows(lines.length, bodyRows), count: lines.length};
	const list = {height, followed};
	const tableColumns = useMemo(() => fitColumns(columns), [columns]);

	// Several keys may come before the next render: each is taken on the screen that the one before leaves.
	const latest = useRef(screen);
	latest.current = screen;
	useKeys(keyName => {
		const current = latest.current;
		const action = findAction(keyName, currentView(current));
		if (action === 'quit') quit();
		if (action === undefined || action === 'quit') return;
		const cursor = current.isFollowing ? followed.index : current.selectedIndex;
		const fileIndex = current.overlays.includes('details') ? current.detailsIndex : cursor;
		const change = performAction(action, {state, screen: current, control, fileIndex, list, text});
		if (change === undefined) return;
		latest.current = reduceScreen(current, change);
		dispatch(change);
	});

	if (layout === undefined) return <TooSmall columns={columns} rows={rows} look={look} />;
	const facts = {...screen, view, isRunOn: !isEnded, isPaused: state.isPaused};
	return (
		<Box width={columns} height={rows} flexDirection="column">
			<Header {...{state, nowMs, title, columns, isAnimated, look}} />
			{layout.hasRules && <Rule columns={columns} look={look} />}
			<Box height={bodyRows} flexDirection="column">
				{view === 'files' ? (
					<FileTable
						data={state.files}
						columns={tableColumns}
						terminalColumns={columns}
						offset={listOffset}
						height={height}
						selectedIndex={selectedIndex}
						isRunPaused={state.isPaused}
						nowMs={nowMs}
						look={look}
					/>
				) : (
					<TextView lines={lines} offset={screen.textOffset} height={bodyRows} columns={columns} look={look} />
				)}
			</Box>
			{layout.hasRules && <Rule columns={columns} look={look} />}
			<LineText line={buildFooter(facts, columns, look)} />
		</Box>
	);

	function textOf(): readonly Line[] {
		if (layout === undefined) return [];
		if (view === 'help') return help;
		if (view === 'summary') return summary;
		const file = state.files[screen.detailsIndex];
		if (view === 'files' || file === undefined) return [];
		return buildDetails(file, columns, {nowMs, isRunPaused: state.isPaused, look});
	}
}

/** Leaving: the first request stops the run gently, the second leaves it. After the run's end one is enough. */
function useQuit(props: AppProps, {phase}: RunState, dispatch: (action: ScreenAction) => void) {
	const {control, onForceQuit, onLeave} = props;
	// Two keys may come before the next render: what was asked for can't wait in the screen's state.
	const isStopAsked = useRef(false);
	const quit = (): void => {
		if (phase === 'ended') onLeave('left');
		else if (isStopAsked.current) {
			onForceQuit();
			onLeave('forced');
		} else {
			isStopAsked.current = true;
			dispatch({type: 'stop'});
			control.stop();
		}
	};
	return {quit, isStopAsked};
}

function Rule({columns, look}: {readonly columns: number; readonly look: Look}): ReactNode {
	return <LineText line={[span(look.glyphs.rule.repeat(columns), look.theme.muted)]} />;
}

function TooSmall({columns, rows, look}: {readonly columns: number; readonly rows: number; readonly look: Look}) {
	const text = `Needs ${MINIMUM_COLUMNS} × ${MINIMUM_ROWS}, has ${columns} × ${rows}. The run goes on.`;
	const shown = look.glyphs.ascii ? text.replaceAll('×', 'x') : text;
	return (
		<Box width={columns} height={rows}>
			<LineText line={cutLine([span(shown)], columns, look.glyphs.ascii)} />
		</Box>
	);
}
