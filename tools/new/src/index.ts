export * from './lists/listings.js';
