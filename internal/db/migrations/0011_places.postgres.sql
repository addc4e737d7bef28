-- +goose Up

-- tx.Next('places'): the order of lists in which something stands by when it was put there.
CREATE SEQUENCE sequence_places CACHE 1;
