export * from '../../templates/units.js';
