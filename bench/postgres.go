package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// servePostgresInserts answers with one INSERT through a pool as large as the pod's.
func servePostgresInserts(listener net.Listener, o order) (func(), error) {
	ctx := context.Background()
	config, err := pgxpool.ParseConfig(o.Database)
	if err != nil {
		return nil, err
	}
	config.MaxConns = int32(max(16, 4*runtime.NumCPU()))
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if _, err := pool.Exec(ctx, createTable); err != nil {
		return nil, err
	}
	stop := bare(listener, insertRows(func(ctx context.Context, id int64, in row) error {
		_, err := pool.Exec(ctx, insertRow, id, int64(1), in.Name, in.Text, time.Now().UnixMilli())
		return err
	}))
	return func() {
		stop()
		pool.Close()
	}, nil
}

// freshPostgres makes a database on a server. remove drops it.
func freshPostgres(ctx context.Context, server string) (address string, remove func(), err error) {
	u, err := url.Parse(server)
	if err != nil {
		return "", nil, fmt.Errorf("PODIUM_TEST_POSTGRES is not a URL")
	}
	name := fmt.Sprintf("bench_%016x", rand.Uint64())
	err = administer(ctx, server, `CREATE DATABASE `+name+` TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'`)
	if err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() {
		if err := administer(context.Background(), server, `DROP DATABASE `+name+` WITH (FORCE)`); err != nil {
			progress("the database %s is left behind: %v", name, err)
		}
	}, nil
}

func administer(ctx context.Context, server, statement string) error {
	conn, err := pgx.Connect(ctx, server)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
