// Removed by the first file of these tests.
