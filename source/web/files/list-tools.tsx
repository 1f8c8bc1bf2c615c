import type {ReactNode} from 'react';
import {T} from '../texts.ts';
import type {FileAction} from './act.ts';

interface ListToolsProps {
	readonly shown: number;
	readonly all: number;
	readonly isLoading: boolean;
	readonly newCount: number;
	readonly onRefresh: () => void;
	readonly isHeld: boolean;
	readonly onHold: (isHeld: boolean) => void;
	readonly marked: number;
	readonly onAction: (action: FileAction) => void;
	readonly onClear: () => void;
	readonly onAll: () => void;
}

const ACTIONS = ['run', 'cancel', 'retry', 'remove'] as const;

export function ListTools(props: ListToolsProps): ReactNode {
	const {shown, all, isLoading, newCount, onRefresh, isHeld, onHold, marked, onAction, onClear, onAll} = props;
	return (
		<div className="tools">
			<span className="count">{isLoading ? T.files.loading(all) : T.files.shown(shown, all)}</span>
			{newCount > 0 && (
				<button type="button" className="chip" title={T.files.moreHint} onClick={onRefresh}>
					{T.files.more(newCount)}
				</button>
			)}
			<button type="button" aria-pressed={isHeld} onClick={() => onHold(!isHeld)}>
				{isHeld ? T.files.resume : T.files.pause}
			</button>
			{marked > 0 ? (
				<>
					<span className="count">{T.files.marked(marked)}</span>
					{ACTIONS.map(action => (
						<button type="button" key={action} onClick={() => onAction(action)}>
							{T.files[action]}
						</button>
					))}
					<button type="button" className="plain" onClick={onClear}>
						{T.files.clearMarks}
					</button>
				</>
			) : (
				shown > 0 && (
					<button type="button" onClick={onAll}>
						{T.files.selectAll(shown)}
					</button>
				)
			)}
		</div>
	);
}
