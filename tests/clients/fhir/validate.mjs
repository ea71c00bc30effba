// Gives resources, one a line, to two validators and prints how many there were and what is wrong: node validate.mjs FILE...
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { gunzipSync } from 'node:zlib'

const require = createRequire(import.meta.url)
const { Fhir } = require('fhir')
const JSONSchemaValidator = require('@asymmetrik/fhir-json-schema-validator')
const structural = new Fhir()
const schema = new JSONSchemaValidator()
const findings = []
const types = {}
for (const file of process.argv.slice(2)) {
  for (const line of (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString('utf8').split('\n').filter(line => line.length > 0)) {
    const resource = JSON.parse(line)
    types[resource.resourceType] = (types[resource.resourceType] ?? 0) + 1
    for (const message of structural.validate(resource, { errorOnUnexpected: true }).messages) {
      // Value sets that it has not got are said as information or warning.
      if (message.severity === 'error' || message.severity === 'fatal') findings.push(`fhir: ${resource.resourceType} ${message.location}: ${message.message}`)
    }
    // Its list of versions ends with 4.0.0: everything else of the statement is looked at.
    const known = resource.resourceType === 'CapabilityStatement' && resource.fhirVersion === '4.0.1' ? { ...resource, fhirVersion: '4.0.0' } : resource
    for (const error of schema.validate(known)) {
      findings.push(`schema: ${resource.resourceType} ${error.dataPath ?? error.instancePath} ${error.message}`)
    }
  }
}
console.log(`result ${JSON.stringify({ types, count: findings.length, findings: [...new Set(findings)].slice(0, 20) })}`)
