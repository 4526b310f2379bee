import {type Key, keysOf, type Task, tasks} from '../../test/tour/tasks.ts';

/** docs/tour.md: the questions, their keys and pictures, from the very scripts that the engine test runs. */
export function tourPage(): string {
	return [
		'# A tour in five questions',
		'Each is answered from a fresh start of the explorer (`sudo dockhop`), in at most ten keys, typed characters included. The pictures come from these very runs on a real engine: `test/engine/tour.test.ts` presses the keys and looks for the answers; `npm run tour` draws them anew.',
		...tasks.flatMap((task, index) => [
			`## ${index + 1}. ${task.question}`,
			`${keysOf(task).length} keys: ${task.steps.map(({keys}) => shown(keys)).join(', then ')}`,
			task.answer,
			`![${task.question.replaceAll('`', '')}](tour/${task.name}.svg)`,
		]),
		'',
	].join('\n\n');
}

/** Characters that are typed in one go stand together. */
function shown(keys: Task['steps'][number]['keys']): string {
	const words: string[] = [];
	let typed = '';
	const flush = () => {
		if (typed !== '') words.push(`\`${typed}\``);
		typed = '';
	};
	for (const key of keys) {
		if (key.length === 1) typed += key;
		else {
			flush();
			words.push(`\`${names[key] ?? key}\``);
		}
	}
	flush();
	return words.join(' ');
}

const names: Record<Key, string> = {enter: '⏎', down: '↓', up: '↑', tab: 'tab'};
