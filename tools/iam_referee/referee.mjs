// Judges permissions with an evaluator of other people's, for tests/integration/permissions/test_referee.py.
// stdin: a JSON list of the local cloud's cases (GET /_local/permissions/cases);
// stdout: a JSON list of {"decision": "allowed" | "explicitDeny" | "implicitDeny" | "error", "errors"}, in that order.
import { runSimulation, runUnsafeSimulation } from '@cloud-copilot/iam-simulate'

async function read(stream) {
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

const numbered = (documents) => documents.map((policy, index) => ({ name: `policy${index}`, policy }))

// Several documents of one resource or endpoint are one policy.
const joined = (documents) =>
  documents?.length
    ? { Version: '2012-10-17', Statement: documents.flatMap((document) => document.Statement) }
    : undefined

function simulation(one) {
  const made = {
    request: {
      principal: one.principal,
      action: one.action,
      resource: { resource: one.resource, accountId: '123456789012' },
      contextVariables: one.context
    },
    identityPolicies: numbered(one.identity),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: joined(one.resource_policy)
  }
  if (one.boundary) made.permissionBoundaryPolicies = numbered(one.boundary)
  if (one.endpoint) made.vpcEndpointPolicies = numbered([joined(one.endpoint)])
  return made
}

const words = { Allowed: 'allowed', ExplicitlyDenied: 'explicitDeny', ImplicitlyDenied: 'implicitDeny' }

async function judge(one) {
  const answer = await runSimulation(simulation(one), {})
  if (answer.resultType === 'error' && answer.errors.message === 'no.resource.types') {
    // AWS's list leaves the type out for this action; without the check of types it can be judged all the same.
    return { decision: words[runUnsafeSimulation(simulation(one), {})], unlisted: one.action }
  }
  if (answer.resultType === 'error') return { decision: 'error', errors: answer.errors }
  return { decision: words[answer.overallResult] ?? answer.overallResult }
}

const cases = await read(process.stdin)
const answers = []
for (const one of cases) answers.push(await judge(one))
process.stdout.write(JSON.stringify(answers))
