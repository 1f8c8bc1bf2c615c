import type {RunControl} from '../../model/run-control.ts';
import type {RunState} from '../../store/state.ts';
import type {Line} from '../look/line.ts';
import type {Look} from '../look/look.ts';
import {buildFiguresLine} from '../views/figures-line.ts';
import {usePolled} from './use-polled.ts';
import {POLL_INTERVAL_MS} from './use-view-lines.ts';

interface FiguresFacts {
	readonly state: RunState;
	readonly control: RunControl;
	readonly isShown: boolean;
	readonly columns: number;
	readonly look: Look;
}

/** The figures of the run so far, in the line under the list; `null` where it is not shown. */
export function useFiguresLine({state, control, isShown, columns, look}: FiguresFacts): Line | null {
	const isEnded = state.phase === 'ended';
	const soFar = usePolled(control.inspectRun, isShown && !isEnded ? 'run' : null, POLL_INTERVAL_MS);
	if (!isShown) return null;
	return buildFiguresLine(state.analysisInfos, isEnded ? state.analyses : (soFar ?? {}), columns, look);
}
