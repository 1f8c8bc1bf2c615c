// A question about the records of a file, in one line, and what it comes to below it.
import {type FormEvent, type ReactNode, useRef, useState} from 'react';
import {useLocation} from 'wouter';
import {ask} from '../api/ask.ts';
import {ProblemError} from '../api/problem.ts';
import type {FileAnswer, Preview, TaskAnswer} from '../api/types.ts';
import {announce} from '../shell/announce.tsx';
import {Field} from '../shell/field.tsx';
import {useKeys} from '../shell/keys.ts';
import {show} from '../shell/show-text.ts';
import {Fault} from '../shell/states.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {act} from './act.ts';
import {fileStore} from './file-store.ts';
import {QuestionAnswer} from './question-answer.tsx';
import {columnInQuestion} from './question-text.ts';
import type {Reading} from './readings.tsx';

/** More buttons than these nobody looks through; the names can be typed. */
const MOST_COLUMNS = 40;

interface QuestionFormProps {
	readonly file: FileAnswer;
	readonly preview: Preview;
	/** Of the same choice: the ids of other files. */
	readonly others: readonly string[];
	/** As it is chosen for analyses. */
	readonly reading: Reading;
}

/** What is wrong with a question. */
interface Wrong {
	readonly detail: string;
	readonly text: string;
	/** `null`: nothing says where it is. */
	readonly place: {readonly start: number; readonly end: number} | null;
}

export function QuestionForm({file, preview, others, reading}: QuestionFormProps): ReactNode {
	const input = useRef<HTMLInputElement>(null);
	const [text, setText] = useState('');
	const [wrong, setWrong] = useState<Wrong | null>(null);
	const [asked, setAsked] = useState<string | null>(null);
	const [, navigate] = useLocation();
	const action = useAction();
	useKeys({A: () => input.current?.focus()});
	const refuse = (refused: Wrong): void => {
		setWrong(refused);
		input.current?.focus();
		if (refused.place !== null) input.current?.setSelectionRange(refused.place.start, refused.place.end);
	};
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		setWrong(null);
		void action.run(async () => {
			// The question has the names of the file itself.
			const request = {
				...(preview.mapping !== null && {mapping: 'none'}),
				options: {...reading, question: text},
			};
			try {
				const task = await ask<TaskAnswer>('POST', '/api/v1/runs', {json: {file_id: file.file_id, ...request}});
				fileStore.takeTask(task);
				setAsked(task.task_execution_id);
			} catch (error) {
				const found = wrongOf(error, text);
				if (found === null) throw error;
				refuse(found);
				return;
			}
			if (others.length === 0) return;
			const {done, reason} = await act('run', others, {analyses: [], ...request});
			if (reason !== null) throw new Error(reason);
			announce(T.files.acted.run(done + 1));
			navigate('/');
		});
	};
	const insert = (name: string): void => {
		const field = input.current;
		if (field === null) return;
		const {selectionStart, selectionEnd, value} = field;
		const start = selectionStart ?? value.length;
		const gap = start > 0 && !/[\s(]$/.test(value.slice(0, start)) ? ' ' : '';
		field.setRangeText(`${gap}${columnInQuestion(name)}`, start, selectionEnd ?? start, 'end');
		setText(field.value);
		field.focus();
	};
	const columns = Array.from(new Set(preview.columns.map(({name}) => name))).slice(0, MOST_COLUMNS);
	return (
		<section aria-labelledby="question">
			<h2 id="question">{T.question.title}</h2>
			<form onSubmit={submit} className="run" noValidate>
				<Field
					ref={input}
					label={T.question.label}
					hint={T.question.hint}
					fault={wrong?.detail ?? null}
					autoComplete="off"
					autoCapitalize="off"
					spellCheck={false}
					className="question"
					maxLength={10_000}
					value={text}
					onChange={event => setText(event.target.value)}
				/>
				{wrong !== null && wrong.place !== null && <Marked text={wrong.text} {...wrong.place} />}
				<fieldset className="names">
					<legend className="hint">{T.question.columns}</legend>
					{columns.map(name => (
						<button key={name} type="button" onClick={() => insert(name)}>
							<bdi>{show(name, 40)}</bdi>
						</button>
					))}
				</fieldset>
				<details>
					<summary>{T.question.help}</summary>
					<dl className="language">
						{T.question.language.map(([example, does]) => (
							<div key={example}>
								<dt>
									<code>{example}</code>
								</dt>
								<dd>{does}</dd>
							</div>
						))}
					</dl>
				</details>
				{action.fault !== null && <Fault reason={action.fault} />}
				<button type="submit" className="strong" disabled={action.isBusy}>
					{others.length === 0 ? T.question.ask : T.question.askFor(others.length + 1)}
				</button>
			</form>
			{asked !== null && <QuestionAnswer key={asked} id={asked} file={file.file_id} />}
		</section>
	);
}

/** Where it is, for those who see it; the sentence has it in words. */
const Marked = ({
	text,
	start,
	end,
}: {
	readonly text: string;
	readonly start: number;
	readonly end: number;
}): ReactNode => (
	<p className="expression">
		<code>
			{show(text.slice(0, start))}
			<mark>{end > start ? show(text.slice(start, end)) : '\u00a0'}</mark>
			{show(text.slice(end))}
		</code>
	</p>
);

/** `null`: something else went wrong than what was typed. */
function wrongOf(error: unknown, text: string): Wrong | null {
	const listed: unknown = error instanceof ProblemError ? error.body?.errors : undefined;
	const all = Array.isArray(listed) ? (listed as readonly Readonly<Record<string, unknown>>[]) : [];
	const found = all.find(({option}) => option === 'question');
	if (found === undefined) return null;
	const {detail, start, end} = found;
	const place = typeof start === 'number' && typeof end === 'number' ? {start, end} : null;
	return {detail: String(detail).replace(/^question: /, ''), text, place};
}
