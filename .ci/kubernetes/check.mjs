// Every object of every manifest in a folder against the schema of its kind: what must be there, of which type, with which values.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';

const [folder] = process.argv.slice(2);
const problems = [];
let objects = 0;
for (const file of readdirSync(folder).filter(name => name.endsWith('.yaml')).sort()) {
  for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'), { merge: true })) {
    problems.push(...document.errors.map(error => `${file}: ${error.message}`));
    const object = document.toJS();
    objects++;
    try {
      const { [object.kind]: Kind } = await import(`kubernetes-models/${object.apiVersion}`);
      new Kind(object).validate();
    } catch (error) {
      problems.push(`${file}, ${object?.kind}: ${error.message}`);
    }
  }
}

problems.forEach(problem => console.error(problem));
console.log(`${objects} objects of ${folder}, ${problems.length} wrong`);
process.exit(problems.length > 0 || objects === 0 ? 1 : 0);
