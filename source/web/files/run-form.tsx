// Which analyses are to be made of a file, and which of its columns they mean.
import {useQuery} from '@tanstack/react-query';
import {type FormEvent, type ReactNode, useState} from 'react';
import {useLocation} from 'wouter';
import {ask} from '../api/ask.ts';
import type {FileAnswer, KeptMapping, Mapping, Preview, TaskKind} from '../api/types.ts';
import {announce} from '../shell/announce.tsx';
import {Field} from '../shell/field.tsx';
import {show} from '../shell/show-text.ts';
import {Answered, Fault} from '../shell/states.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {act, type RunRequest} from './act.ts';
import {QuestionForm} from './question-form.tsx';
import {type Reading, Readings} from './readings.tsx';

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
	const [reading, setReading] = useState<Reading>({});
	return (
		<>
			<section aria-labelledby="analyses">
				<h2 id="analyses">{T.file.analyses}</h2>
				<Answered query={kinds}>
					{answer => <Choice {...props} kinds={answer} reading={reading} onReading={setReading} />}
				</Answered>
			</section>
			{props.preview.columns.length > 0 && <QuestionForm {...props} reading={reading} />}
		</>
	);
}

interface ChoiceProps extends RunFormProps {
	readonly kinds: readonly TaskKind[];
	readonly reading: Reading;
	readonly onReading: (reading: Reading) => void;
}

function Choice({file, preview, others, kinds, reading, onReading}: ChoiceProps): ReactNode {
	const {mapping: kept} = preview;
	const header = preview.columns.map(({name}) => name);
	const [proposed] = preview.analyses;
	const [chosen, setChosen] = useState<readonly string[]>(() => firstChoice(preview, kinds));
	const [mapping, setMapping] = useState<Mapping>(kept?.map ?? {});
	const [keptAs, setKeptAs] = useState(kept?.name ?? '');
	const [, navigate] = useLocation();
	const action = useAction();
	const picked = kinds.filter(({task_id: name}) => chosen.includes(name));
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void action.run(async () => {
			if (chosen.length === 0) throw new Error(T.file.noneChosen);
			const request = {
				analyses: chosen,
				...(await settle({file: file.file_id, kept, mapping, name: keptAs.trim(), picked, reading})),
			};
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
					<p className="hint">
						{kept === null ? T.file.mappingHint : T.file.mappingUsed(show(kept.name, 100), String(kept.version))}
					</p>
					<Columns kinds={picked} header={header} mapping={mapping} onChange={setMapping} />
					<Field
						label={T.file.mappingKeep}
						hint={T.file.mappingKeepHint}
						autoComplete="off"
						maxLength={100}
						value={keptAs}
						onChange={event => setKeptAs(event.target.value)}
					/>
				</fieldset>
			)}
			{header.length > 0 && <Readings reading={reading} onChange={onReading} />}
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

/** Where a mapping is kept for the heading, what it is enough for; else what the file fits best. */
function firstChoice({analyses: [proposed], mapping}: Preview, kinds: readonly TaskKind[]): readonly string[] {
	const needed = ({columns}: TaskKind) => columns.filter(({optional}) => !optional);
	const mapped = kinds.find(kind => {
		const names = needed(kind).map(({name}) => name);
		return mapping !== null && names.length > 0 && names.every(name => name in mapping.map);
	});
	const first = mapped?.task_id ?? proposed;
	return first === undefined ? [] : [first];
}

interface Settled {
	readonly file: string;
	readonly kept: KeptMapping | null;
	readonly mapping: Mapping;
	/** Empty: it is for this file alone. */
	readonly name: string;
	readonly picked: readonly TaskKind[];
	readonly reading: Reading;
}

/** Keeps the mapping where it has a name, and says how the task is to be read. */
async function settle(settled: Settled): Promise<Omit<RunRequest, 'analyses'>> {
	const {file, kept, mapping, name, picked, reading} = settled;
	const map = pickUsed(mapping, picked);
	const options = Object.keys(reading).length === 0 ? {} : {options: reading};
	if (Object.keys(map).length === 0) return kept === null ? options : {mapping: 'none', ...options};
	if (name === '') return {mapping: 'none', options: {map, ...reading}};
	const headers = kept?.name === name ? {'if-match': `"${kept.version}"`} : {};
	await ask('PUT', `/api/v1/mappings/${encodeURIComponent(name)}`, {json: {map: mapping, file_id: file}, headers});
	return {mapping: name, ...options};
}

/** What other analyses would be told of is left out. */
function pickUsed(mapping: Mapping, kinds: readonly TaskKind[]): Mapping {
	const names = new Set(kinds.flatMap(({columns}) => columns.map(({name}) => name)));
	return Object.fromEntries(Object.entries(mapping).filter(([name]) => names.has(name)));
}
