/** A Dockerfile as the image that it describes: what is copied where, who runs it, and how it starts. */
import { Copy, Entrypoint, From, type Dockerfile, type Instruction, DockerfileParser } from 'dockerfile-ast';

export interface Stage {
  /** As later stages call it; absent where it has no name. */
  readonly name: string | undefined;
  /** The image or stage that it is built on, with the defaults of arguments filled in. */
  readonly base: string;
  readonly copies: readonly CopyStep[];
  /** The last of each counts. */
  readonly user: string | undefined;
  readonly workingDirectory: string | undefined;
  /** Program and arguments; absent where there is none, or it is left to a shell. */
  readonly entrypoint: readonly [string, ...string[]] | undefined;
  /** Every instruction in capitals, in order. */
  readonly keywords: readonly string[];
}

export interface CopyStep {
  /** A stage or an image; absent: the folder that is built from. */
  readonly from: string | undefined;
  readonly sources: readonly string[];
  readonly destination: string;
}

export function readDockerfile(text: string): Stage[] {
  const dockerfile = DockerfileParser.parse(text);
  const stages: Instruction[][] = [];
  for (const instruction of dockerfile.getInstructions()) {
    if (instruction instanceof From) stages.push([]);
    stages.at(-1)?.push(instruction);
  }
  return stages.map((instructions) => stage(dockerfile, instructions));
}

/** What is shipped: the others only serve to make it. */
export function finalStage(stages: readonly Stage[]): Stage {
  const last = stages.at(-1);
  if (last === undefined) throw new Error('reading a Dockerfile: it has no FROM');
  return last;
}

function stage(dockerfile: Dockerfile, instructions: readonly Instruction[]): Stage {
  const last = (keyword: string): Instruction | undefined =>
    instructions.findLast((instruction) => instruction.getKeyword() === keyword);
  const [from] = instructions.filter((instruction) => instruction instanceof From);
  const entrypoint = last('ENTRYPOINT');
  return {
    name: from?.getBuildStage() ?? undefined,
    base: expanded(dockerfile, from?.getImage() ?? ''),
    copies: instructions.filter((instruction) => instruction instanceof Copy).map(copyStep),
    user: last('USER')?.getArgumentsContent() ?? undefined,
    workingDirectory: last('WORKDIR')?.getArgumentsContent() ?? undefined,
    entrypoint: entrypoint instanceof Entrypoint ? execForm(entrypoint) : undefined,
    keywords: instructions.map((instruction) => instruction.getKeyword()),
  };
}

function copyStep(copy: Copy): CopyStep {
  const paths = copy.getArguments().map((argument) => argument.getValue());
  return {
    from: copy.getFromFlag()?.getValue() ?? undefined,
    sources: paths.slice(0, -1),
    destination: paths.at(-1) ?? '',
  };
}

function execForm(entrypoint: Entrypoint): Stage['entrypoint'] {
  const [program, ...args] = entrypoint.getJSONStrings().map((argument) => argument.getJSONValue());
  return program === undefined ? undefined : [program, ...args];
}

/** `${NAME}` of an ARG before the first FROM. */
function expanded(dockerfile: Dockerfile, image: string): string {
  const defaults = new Map(
    dockerfile.getInitialARGs().map((arg) => [arg.getProperty()?.getName(), arg.getProperty()?.getValue() ?? '']),
  );
  return image.replace(/\$\{?(\w+)\}?/g, (variable, name: string) => defaults.get(name) ?? variable);
}
