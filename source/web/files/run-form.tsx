// Which analyses are to be made of a file, and which of its columns they mean.
import {useQuery} from '@tanstack/react-query';
import {type FormEvent, type ReactNode, useEffect, useState} from 'react';
import {useLocation} from 'wouter';
import {ask} from '../api/ask.ts';
import type {FileAnswer, Preview, TaskKind} from '../api/types.ts';
import {announce} from '../shell/announce.tsx';
import {show} from '../shell/show-text.ts';
import {Answered, Fault} from '../shell/states.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {act} from './act.ts';
import {keep, type Mapping, recall} from './mappings.ts';

interface RunFormProps {
	readonly file: FileAnswer;
	readonly preview: Preview;
	/** Of the same choice: the ids of other files. */
	readonly others: readonly string[];
}

export function RunForm(props: RunFormProps): ReactNode {
	const kinds = useQuery({
		queryKey: ['tasks'],
		staleTime: Number.POSITIVE_INFINITY,
		queryFn: async ({signal}) =>
			(await ask<{readonly tasks: readonly TaskKind[]}>('GET', '/api/v1/tasks', {signal})).tasks,
	});
	return (
		<section aria-labelledby="analyses">
			<h2 id="analyses">{T.file.analyses}</h2>
			<Answered query={kinds}>{answer => <Choice {...props} kinds={answer} />}</Answered>
		</section>
	);
}

function Choice({file, preview, others, kinds}: RunFormProps & {readonly kinds: readonly TaskKind[]}): ReactNode {
	const [proposed] = preview.analyses;
	const header = preview.columns.map(({name}) => name);
	const [chosen, setChosen] = useState<readonly string[]>(proposed === undefined ? [] : [proposed]);
	const [mapping, setMapping] = useState<Mapping>({});
	const [isRecalled, setRecalled] = useState(false);
	const [isKept, setKept] = useState(false);
	const [, navigate] = useLocation();
	const action = useAction();
	useEffect(() => {
		void recall(preview.columns.map(({name}) => name)).then(known => {
			if (known === null) return;
			setMapping(known.columns);
			if (known.analyses.length > 0) setChosen(known.analyses);
			setRecalled(true);
			setKept(true);
		});
	}, [preview]);
	const picked = kinds.filter(({task_id: name}) => chosen.includes(name));
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void action.run(async () => {
			if (chosen.length === 0) throw new Error(T.file.noneChosen);
			await keep(header, isKept ? {analyses: chosen, columns: mapping} : null);
			const used = pickUsed(mapping, picked);
			const request = {analyses: chosen, ...(Object.keys(used).length > 0 && {options: {map: used}})};
			const {done, reason} = await act('run', [file.file_id, ...others], request);
			if (reason !== null) throw new Error(reason);
			announce(T.files.acted.run(done));
			navigate('/');
		});
	};
	return (
		<form onSubmit={submit} className="run">
			<fieldset>
				<legend className="hint">{T.file.analysesHint}</legend>
				{kinds.map(({task_id: name, title}) => {
					const isPossible = preview.analyses.includes(name) || Object.keys(mapping).length > 0;
					return (
						<label key={name} className="check">
							<input
								type="checkbox"
								checked={chosen.includes(name)}
								onChange={event =>
									setChosen(before => (event.target.checked ? [...before, name] : before.filter(each => each !== name)))
								}
							/>
							{title}
							{name === proposed && <small> {T.file.proposed}</small>}
							{!isPossible && header.length > 0 && <small> {T.file.lacks}</small>}
						</label>
					);
				})}
			</fieldset>
			{header.length > 0 && picked.some(({columns}) => columns.length > 0) && (
				<fieldset>
					<legend>{T.file.mapping}</legend>
					<p className="hint">{isRecalled ? T.file.mappingUsed : T.file.mappingHint}</p>
					<Columns kinds={picked} header={header} mapping={mapping} onChange={setMapping} />
					<label className="check">
						<input type="checkbox" checked={isKept} onChange={event => setKept(event.target.checked)} />
						{T.file.mappingKeep}
					</label>
				</fieldset>
			)}
			{action.fault !== null && <Fault reason={action.fault} />}
			<button type="submit" className="strong" disabled={action.isBusy}>
				{others.length === 0 ? T.file.start : T.file.startFor(others.length + 1)}
			</button>
		</form>
	);
}

interface ColumnsProps {
	readonly kinds: readonly TaskKind[];
	readonly header: readonly string[];
	readonly mapping: Mapping;
	readonly onChange: (mapping: Mapping) => void;
}

const Columns = ({kinds, header, mapping, onChange}: ColumnsProps): ReactNode => {
	const columns = new Map(kinds.flatMap(kind => kind.columns.map(column => [column.name, column] as const)));
	return (
		<div className="mapping">
			{Array.from(columns.values(), ({name, type, optional}) => (
				<div key={name} className="field">
					<label htmlFor={`map-${name}`}>
						{name.replaceAll('_', ' ')}{' '}
						<small>
							{type}, {optional ? T.file.optional : T.file.needed}
						</small>
					</label>
					<select
						id={`map-${name}`}
						value={mapping[name] ?? ''}
						onChange={({target: {value}}) => {
							const {[name]: _, ...others} = mapping;
							onChange(value === '' ? others : {...others, [name]: value});
						}}
					>
						<option value="">{T.file.byName}</option>
						{Array.from(new Set(header), heading => (
							<option key={heading} value={heading}>
								{show(heading, 80)}
							</option>
						))}
					</select>
				</div>
			))}
		</div>
	);
};

/** What other analyses would be told of is left out. */
function pickUsed(mapping: Mapping, kinds: readonly TaskKind[]): Mapping {
	const names = new Set(kinds.flatMap(({columns}) => columns.map(({name}) => name)));
	return Object.fromEntries(Object.entries(mapping).filter(([name]) => names.has(name)));
}
