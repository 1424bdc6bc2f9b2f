/* The matrix product of the browser edition: the loop behind NumPy's `@`, for numbers of type REAL.

   NumPy in the browser has no BLAS.  Its own loop multiplies two numbers at a time and walks
   through memory as the matrices happen to lie there.  This one does what every BLAS does, in its
   shortest form:

   - A processor multiplies all numbers of a register at once, 4 float32 or 2 float64.  Here these
     are neighbors in a row of the result.
   - Fetching a number takes longer than multiplying it, so what was fetched is used often: a tile
     of the result, 4 rows by 2 registers, is summed within the processor.
   - The numbers of B that a tile needs may lie far apart.  They are copied side by side into a
     panel of 8 kB, which stays in the fastest memory while all rows of A are multiplied with it.

   kernel.py compiles this file twice: with REAL float, LOOP matmul_float32, and with REAL double,
   LOOP matmul_float64.  nnlib/system/matmul.py hands both to NumPy.  */

#include <stdbool.h>
#include <stdint.h>

typedef REAL real;
typedef intptr_t integer; /* NumPy's own: 32 bits in the browser, 64 elsewhere */

/* A register.  GCC and Clang do arithmetic with it, number by number; it may be fetched from any
   place where numbers lie. */
typedef real vector __attribute__((vector_size(16), aligned(sizeof(real)), may_alias));

enum {
    LANES = 16 / sizeof(real), /* numbers in a register */
    COLUMNS = 2 * LANES,       /* of a tile; */
    ROWS = 4,                  /* with 5 rows it was slower */
    DEPTH = 256,               /* of a panel: as many products are summed before they are stored */
    HEIGHT = 128               /* rows of A at a time: with their DEPTH they stay in near memory */
};

/* A matrix as NumPy sees it: the next row is `down` bytes away, the next column `right`.  Both may
   be negative, and 0 where a row or a column stands for all. */
typedef struct {
    char *start;
    integer down, right;
} matrix;

static inline real *entry(matrix M, integer i, integer j) {
    return (real *)(M.start + i * M.down + j * M.right);
}

/* The part of a matrix that begins at row i and column j. */
static inline matrix from(matrix M, integer i, integer j) {
    return (matrix){(char *)entry(M, i, j), M.down, M.right};
}

static inline int at_most(int limit, integer n) { return n < limit ? (int)n : limit; }

/* Whether all columns of a tile are there, side by side: then whole registers come and go. */
static inline bool in_registers(matrix M, int columns) {
    return columns == COLUMNS && M.right == sizeof(real);
}

/* Copy a tile's columns of B into a panel.  Missing columns repeat the last; nobody will look. */
static void pack(matrix B, int columns, int depth, vector panel[][2]) {
    if (in_registers(B, columns)) {
        for (int k = 0; k < depth; k++) {
            vector *row = (vector *)entry(B, k, 0);
            panel[k][0] = row[0], panel[k][1] = row[1];
        }
        return;
    }
    char *column[COLUMNS];
    for (int j = 0; j < COLUMNS; j++)
        column[j] = (char *)entry(B, 0, at_most(columns - 1, j));
    for (int k = 0; k < depth; k++)
        for (int j = 0; j < COLUMNS; j++)
            ((real *)panel[k])[j] = *(real *)(column[j] + k * B.down);
}

/* Multiply a tile's rows of A with a panel.  Missing rows repeat the last; nobody will look. */
static void multiply(matrix A, int rows, int depth, vector panel[][2], vector tile[][2]) {
    vector sums[ROWS][2] = {0};
    char *row[ROWS];
    for (int i = 0; i < ROWS; i++)
        row[i] = (char *)entry(A, at_most(rows - 1, i), 0);
    for (int k = 0; k < depth; k++)
        for (int i = 0; i < ROWS; i++) {
            real a = *(real *)(row[i] + k * A.right);
            sums[i][0] += a * panel[k][0];
            sums[i][1] += a * panel[k][1];
        }
    for (int i = 0; i < ROWS; i++)
        tile[i][0] = sums[i][0], tile[i][1] = sums[i][1];
}

/* Put a tile in its place in the result, or add it to the sums that are there. */
static void store(matrix C, int rows, int columns, vector tile[][2], bool add) {
    for (int i = 0; i < rows; i++)
        if (in_registers(C, columns)) {
            vector *place = (vector *)entry(C, i, 0);
            if (add)
                place[0] += tile[i][0], place[1] += tile[i][1];
            else
                place[0] = tile[i][0], place[1] = tile[i][1];
        } else
            for (int j = 0; j < columns; j++) {
                real *place = entry(C, i, j), sum = ((real *)tile[i])[j];
                *place = add ? *place + sum : sum;
            }
}

/* C = A @ B by tiles, for A (m, n) and B (n, p).  With n = 0 one empty panel fills C with zeros. */
static void by_tiles(matrix A, matrix B, matrix C, integer m, integer n, integer p) {
    vector panel[DEPTH][2], tile[ROWS][2];
    integer k = 0;
    do {
        int depth = at_most(DEPTH, n - k);
        for (integer j = 0; j < p; j += COLUMNS) {
            int columns = at_most(COLUMNS, p - j);
            pack(from(B, k, j), columns, depth, panel);
            for (integer i = 0; i < m; i += ROWS) {
                int rows = at_most(ROWS, m - i);
                multiply(from(A, i, k), rows, depth, panel, tile);
                store(from(C, i, j), rows, columns, tile, k > 0);
            }
        }
        k += DEPTH;
    } while (k < n);
}

/* A row of A times a column of B.  Two registers of sums: each is ready while the other waits. */
static real dot(matrix A, matrix B, integer n) {
    vector sums[2] = {0};
    integer k = 0;
    if (A.right == sizeof(real) && B.down == sizeof(real))
        for (; k + 2 * LANES <= n; k += 2 * LANES) {
            vector *a = (vector *)entry(A, 0, k), *b = (vector *)entry(B, k, 0);
            sums[0] += a[0] * b[0];
            sums[1] += a[1] * b[1];
        }
    real sum = 0;
    for (int j = 0; j < COLUMNS; j++)
        sum += ((real *)sums)[j];
    for (; k < n; k++)
        sum += *entry(A, 0, k) * *entry(B, k, 0);
    return sum;
}

/* C = A @ B where B has too few columns for a register, as a vector has: one sum at a time. */
static void by_sums(matrix A, matrix B, matrix C, integer m, integer n, integer p) {
    for (integer i = 0; i < m; i++)
        for (integer j = 0; j < p; j++)
            *entry(C, i, j) = dot(from(A, i, 0), from(B, 0, j), n);
}

/* What NumPy calls, for size[0] products at once: of each matrix it tells where the first begins,
   how far away the next one is (step[0 … 2]), then its rows and columns (step[3 … 8]). */
void LOOP(char **start, const integer *size, const integer *step, void *unused) {
    integer m = size[1], n = size[2], p = size[3];
    matrix A = {start[0], step[3], step[4]};
    matrix B = {start[1], step[5], step[6]};
    matrix C = {start[2], step[7], step[8]};
    for (integer number = 0; number < size[0]; number++) {
        for (integer i = 0; i < m; i += HEIGHT) {
            int rows = at_most(HEIGHT, m - i);
            (p < LANES ? by_sums : by_tiles)(from(A, i, 0), B, from(C, i, 0), rows, n, p);
        }
        A.start += step[0], B.start += step[1], C.start += step[2];
    }
}
